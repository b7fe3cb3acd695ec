"""MobileCLIP as open_clip lays it out: trunks of timm in the many-branched form they are trained and published in.

`openclip-mobileclip` has the options of `fastvit_mci0` … `2` (S0, S1, S2: squeeze-and-excitation, batch normalisation
before attention), `openclip-mobileclip2` those of `fastvit_mci3` and `4` (S3, S4: five stages, layer normalisation, a
stem without scale branch), `openclip-mobileclip-b` those of `vit_base_mci_224` (a convolutional stem),
`openclip-mobileclip2-l` those of `vit_large_patch14_clip_224`. The tiny trunks are registered under names of their own.
`openclip-mobileclip-fused` is the first of them with its branches joined by timm.
Text width 16, context 8. Where the pictures are larger than 24 pixels, they are stored as float16 numbers, for size.

Needs: torch 2.15.0 (CPU), open_clip_torch 3.3.0, timm 1.0.31, safetensors 0.8.0.
Run:   python mobileclip.py
"""

import copy
from functools import partial
from pathlib import Path

import torch
from safetensors.torch import save_file
from timm.layers import HybridEmbed, LayerNorm, LayerNorm2d
from timm.models import register_model
from timm.models.fastvit import FastVit, RepConditionalPosEnc
from timm.models.vision_transformer import VisionTransformer
from timm.models.vision_transformer_hybrid import ConvStem
from timm.utils.model import reparameterize_model

from common import CLIP_MEAN, CLIP_STD, draw, fresh, pixels, random_ids, round_to, stored, write_reference
from openclip import build, outputs, verify, write_model

PLAIN = {"mean": [0.0] * 3, "std": [1.0] * 3, "interpolation": "bilinear", "resize_mode": "shortest"}
CLIP = {"mean": CLIP_MEAN, "std": CLIP_STD, "interpolation": "bilinear", "resize_mode": "shortest"}
POSITIONS = partial(RepConditionalPosEnc, spatial_shape=(7, 7))


def plain(kind: type, options: dict, **fixed) -> torch.nn.Module:
    """A model of timm without the lookup of weights to download."""
    options = {key: value for key, value in options.items() if not key.startswith("pretrained") and key != "cache_dir"}
    model = kind(**{**fixed, **options})
    model.default_cfg = {}
    return model


@register_model
def fastvit_tiny_mci0(pretrained: bool = False, **options) -> FastVit:
    return plain(
        FastVit, options, layers=(1, 2, 1, 1), embed_dims=(8, 8, 16, 64), mlp_ratios=(3, 3, 3, 1),
        se_downsamples=(False, False, True, True), pos_embs=(None, None, None, POSITIONS),
        token_mixers=("repmixer", "repmixer", "repmixer", "attention"), lkc_use_act=True)


@register_model
def fastvit_tiny_mci3(pretrained: bool = False, **options) -> FastVit:
    return plain(
        FastVit, options, layers=(1, 1, 1, 1, 1), embed_dims=(8, 8, 8, 32, 32), mlp_ratios=(4, 4, 4, 2, 2),
        se_downsamples=(False,) * 5, downsamples=(False, True, True, True, True),
        pos_embs=(None, None, None, POSITIONS, POSITIONS),
        token_mixers=("repmixer", "repmixer", "repmixer", "attention", "attention"), lkc_use_act=True,
        norm_layer=partial(LayerNorm2d, eps=1e-5), stem_use_scale_branch=False)


@register_model
def vit_tiny_mci_48(pretrained: bool = False, **options) -> VisionTransformer:
    stem = ConvStem(channels=(8, 8, 32), stride=(4, 2, 2), kernel_size=(4, 2, 2), padding=0, act_layer=torch.nn.GELU)
    return plain(
        VisionTransformer, options, img_size=48, patch_size=1, embed_dim=32, depth=2, num_heads=4, mlp_ratio=2.0,
        no_embed_class=True, embed_layer=partial(HybridEmbed, backbone=stem, proj=False))


@register_model
def vit_tiny_patch8_clip_24(pretrained: bool = False, **options) -> VisionTransformer:
    return plain(
        VisionTransformer, options, img_size=24, patch_size=8, embed_dim=32, depth=2, num_heads=4, mlp_ratio=2.0,
        pre_norm=True, norm_layer=partial(LayerNorm, eps=1e-5))


def settle(trunk: torch.nn.Module, images: torch.Tensor, seed: int) -> None:
    """Moves the statistics of batch normalisation near those of `images`, or values would grow from layer to layer."""
    generator = torch.Generator().manual_seed(seed)
    norms = [module for module in trunk.modules() if isinstance(module, torch.nn.BatchNorm2d)]
    for norm in norms:
        norm.train()
        norm.momentum = 1.0
    with torch.no_grad():
        trunk(images)
        for norm in norms:
            norm.eval()
            norm.running_mean += 0.2 * norm.running_var.sqrt() * torch.randn(norm.num_features, generator=generator)
            norm.running_var *= 0.7 + 0.6 * torch.rand(norm.num_features, generator=generator)


def write_fused(model: torch.nn.Module, origin: Path, images: torch.Tensor, ids: torch.Tensor, **more) -> None:
    """Writes a model whose trunk has one convolution in place of parallel branches, with the configuration of `origin`."""
    folder = fresh(f"{origin.name}-fused")
    (folder / "open_clip_config.json").symlink_to(f"../{origin.name}/open_clip_config.json")
    # The sums are no float16 numbers: what is stored is another model, if only by a little.
    round_to(model, torch.float16)
    save_file(stored(model.state_dict(), torch.float16), folder / "open_clip_model.safetensors")
    write_reference(folder, (), True, pixels=images, ids=ids, **more, **outputs(model, images, ids))


# Folder: trunk, pixels, pooling, preprocessing, whether text is causal.
MODELS = {
    "openclip-mobileclip": ("fastvit_tiny_mci0", 48, "avg", PLAIN, False),
    "openclip-mobileclip2": ("fastvit_tiny_mci3", 72, "avg", CLIP, False),
    "openclip-mobileclip-b": ("vit_tiny_mci_48", 48, "token", PLAIN, True),
    "openclip-mobileclip2-l": ("vit_tiny_patch8_clip_24", 24, "token", CLIP, False),
}


def main() -> None:
    for seed, (name, (trunk, size, pooling, preprocessing, causal)) in enumerate(MODELS.items(), start=611):
        configuration = {
            "embed_dim": 16, "custom_text": True,
            "vision_cfg": {
                "timm_model_name": trunk, "timm_model_pretrained": False, "timm_pool": pooling, "timm_proj": None,
                "timm_drop": 0.0, "timm_drop_path": 0.0, "image_size": size},
            "text_cfg": {
                "context_length": 8, "vocab_size": 64, "width": 16, "heads": 2, "layers": 2, "mlp_ratio": 2.0,
                "no_causal_mask": not causal}}
        model = build(configuration)
        # Behind a gate, a scale and several sums a bias of the usual width would hardly show.
        draw(model, seed, deviations={"se.fc1.bias": 0.5, "se.fc2.bias": 0.7, "identity.bias": 0.3})
        settle(model.visual, pixels(size, seed=601), seed)
        ids, lengths = random_ids((3, 6, 8), 8, 1, start=62, end=63, pad=0, seed=seed)
        half_pixels = size > 24
        folder = write_model(
            name, model, configuration, preprocessing, ids, half_pixels=half_pixels, ids_length=lengths)
        images = pixels(size, seed=202)
        images = images.half().float() if half_pixels else images
        with torch.no_grad():
            features = model.encode_image(images)
            verify(folder, ids, images, features, model.encode_text(ids))
            fused = copy.deepcopy(model)
            fused.visual.trunk = reparameterize_model(fused.visual.trunk)
            torch.testing.assert_close(fused.encode_image(images), features, rtol=1e-4, atol=1e-4)
        if name == "openclip-mobileclip":
            write_fused(fused, folder, images, ids, ids_length=lengths)


if __name__ == "__main__":
    main()
