"""open_clip's own transformers, as its push to the hub writes them: `openclip-…` with configuration and weights.

One folder for every way that published models combine the keys of a plain vision transformer and a plain text
transformer (see MODELS), and CoCa, whose decoder is in the file but has no part in embeddings. Widths 32 and 24, two
layers, 24 or 32 pixels in patches of 8. `openclip-vit` has CLIP's tokenizer and context 77 with ids padded by zeros, as
open_clip pads them; `openclip-clipa` has a WordPiece vocabulary of 60 words; the others have random ids.

Needs: torch 2.15.0 (CPU), open_clip_torch 3.3.0, transformers 5.23.0, safetensors 0.8.0.
Run:   python openclip.py
"""

import gzip
import sys
import tempfile
from pathlib import Path

import open_clip
import torch
from open_clip.coca_model import CoCa
from open_clip.model import CLIP, CustomTextCLIP
from open_clip.tokenizer import HFTokenizer, SimpleTokenizer
from safetensors.torch import save_file

from common import (CLIP_MEAN, CLIP_STD, TEXTS, check_sensitivity, clip_merges, draw, fresh, pixels, random_ids,
                    round_to, stored, write_clip_tokenizer, write_json, write_reference)

VISION = {"image_size": 24, "layers": 2, "width": 32, "head_width": 8, "patch_size": 8}
TEXT = {"context_length": 12, "vocab_size": 64, "width": 24, "heads": 3, "layers": 2}
CLIP_PREPROCESSING = {"mean": CLIP_MEAN, "std": CLIP_STD, "interpolation": "bicubic", "resize_mode": "shortest"}
IMAGENET_PREPROCESSING = {
    "mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225], "interpolation": "bilinear", "resize_mode": "squash"}

# The smaller multiples of the MLP are there for the size of the files only.
MODELS = {
    "openclip-vit": {
        "embed_dim": 16, "vision_cfg": {**VISION, "image_size": 32},
        "text_cfg": {**TEXT, "context_length": 77, "vocab_size": 598}},
    "openclip-vit-quickgelu": {
        "embed_dim": 16, "quick_gelu": True, "vision_cfg": {**VISION, "mlp_ratio": 2.0}, "text_cfg": TEXT},
    "openclip-vit-heads": {
        "embed_dim": 16, "vision_cfg": {**VISION, "head_width": 16, "mlp_ratio": 4.9231},
        "text_cfg": {**TEXT, "heads": 2}},
    "openclip-clipa": {
        "embed_dim": 16,
        "vision_cfg": {**VISION, "mlp_ratio": 2.0, "no_ln_pre": True, "pool_type": "avg", "final_ln_after_pool": True},
        "text_cfg": {
            **TEXT, "context_length": 16, "mlp_ratio": 2.0, "hf_tokenizer_name": "bert-base-uncased",
            "tokenizer_kwargs": {"strip_sep_token": True}, "pool_type": "last", "no_causal_mask": True}},
    "openclip-worldwide": {
        "embed_dim": 16, "quick_gelu": True, "vision_cfg": {**VISION, "mlp_ratio": 2.0},
        "text_cfg": {
            **TEXT, "mlp_ratio": 2.0, "hf_tokenizer_name": "facebook/xlm-v-base", "pool_type": "eos", "eos_id": 2}},
    "openclip-coca": {
        "embed_dim": 16,
        "vision_cfg": {
            **VISION, "mlp_ratio": 2.0, "attentional_pool": True, "attn_pooler_heads": 8, "output_tokens": True},
        "text_cfg": {**TEXT, "mlp_ratio": 2.0, "embed_cls": True, "output_tokens": True},
        "multimodal_cfg": {
            "context_length": 12, "vocab_size": 64, "width": 16, "heads": 2, "layers": 1, "attn_pooler_heads": 8},
        "custom_text": True},
}


def build(configuration: dict) -> torch.nn.Module:
    """The model of a configuration, chosen as open_clip's factory chooses it."""
    values = {key: value for key, value in configuration.items() if key != "custom_text"}
    if not configuration.get("custom_text"):
        return CLIP(**values).eval()
    return (CoCa if "multimodal_cfg" in values else CustomTextCLIP)(**values).eval()


def outputs(model: torch.nn.Module, images: torch.Tensor, ids: torch.Tensor) -> dict[str, torch.Tensor]:
    """What a model of open_clip gives, before it is brought to length 1, and its scores."""
    with torch.inference_mode():
        image, text = model.encode_image(images, normalize=False), model.encode_text(ids, normalize=False)
        directions = [torch.nn.functional.normalize(features, dim=-1) for features in (image, text)]
        logits = model.logit_scale.exp() * directions[0] @ directions[1].T
        bias = getattr(model, "logit_bias", None)
        return {"image_features": image, "text_features": text,
                "logits_per_image": logits if bias is None else logits + bias}


def write_model(
    name: str, model: torch.nn.Module, configuration: dict, preprocessing: dict, ids: torch.Tensor,
    texts: tuple[str, ...] = (), inert=lambda name: False, keep=lambda name: False, half_pixels: bool = False,
    **more: torch.Tensor,
) -> Path:
    """Rounds a drawn model of open_clip, except what `keep` names, and writes configuration, weights and reference."""
    folder = fresh(name)
    round_to(model, torch.float16, keep=keep)
    images = pixels(configuration["vision_cfg"]["image_size"], seed=202)
    if half_pixels:
        images = images.half().float()

    check_sensitivity(model, lambda: outputs(model, images, ids), inert)
    save_file(stored(model.state_dict(), torch.float16, keep), folder / "open_clip_model.safetensors")
    write_json(folder / "open_clip_config.json", {"model_cfg": configuration, "preprocess_cfg": preprocessing})
    write_reference(folder, texts, half_pixels, pixels=images, ids=ids, **more, **outputs(model, images, ids))
    return folder


def verify(folder: Path, ids: torch.Tensor, images: torch.Tensor, image: torch.Tensor, text: torch.Tensor) -> None:
    """Reads a folder back through open_clip's factory and compares what it computes."""
    model = open_clip.create_model(f"local-dir:{folder}").eval()
    with torch.inference_mode():
        torch.testing.assert_close(model.encode_image(images, normalize=False), image)
        torch.testing.assert_close(model.encode_text(ids, normalize=False), text)


def main() -> None:
    for seed, (name, configuration) in enumerate(MODELS.items(), start=211):
        model = build(configuration)
        draw(model, seed)
        text = configuration["text_cfg"]
        context, texts, more = text["context_length"], (), {}
        preprocessing = CLIP_PREPROCESSING
        with tempfile.TemporaryDirectory() as temporary:
            if name == "openclip-vit":
                path = Path(temporary) / "merges.txt.gz"
                lines = ["#version: 0.2", *(" ".join(pair) for pair in clip_merges(84))]
                path.write_bytes(gzip.compress("\n".join(lines).encode()))
                texts, ids = TEXTS, SimpleTokenizer(str(path))(list(TEXTS), context)
                more["ids_length"] = (ids != 0).sum(-1)
            elif name == "openclip-clipa":
                sys.path.append(str(Path(__file__).parents[1]))
                from tiny_bert import VOCABULARY
                files = {
                    "vocab.txt": "\n".join(VOCABULARY) + "\n",
                    "tokenizer_config.json": '{"do_lower_case": true, "tokenizer_class": "BertTokenizer"}\n'}
                for file, content in files.items():
                    (Path(temporary) / file).write_text(content)
                texts = TEXTS
                ids = HFTokenizer(temporary, context_length=context, strip_sep_token=True)(list(TEXTS))
                preprocessing = IMAGENET_PREPROCESSING
            elif name == "openclip-worldwide":
                ids, more["ids_length"] = random_ids((4, 9, context), context, 3, start=0, end=2, pad=1, seed=seed)
            else:
                ids, more["ids_length"] = random_ids((4, 9, context), context, 1, start=62, end=63, pad=0, seed=seed)
        # CoCa's decoder has no part in embeddings.
        folder = write_model(name, model, configuration, preprocessing, ids, texts,
                             inert=lambda key: key.startswith("text_decoder."), **more)
        if name == "openclip-vit":
            write_clip_tokenizer(folder, context, merges_as_text=False)
        elif name == "openclip-clipa":
            for file, content in files.items():
                (folder / file).write_text(content)
        with torch.inference_mode():
            images = pixels(configuration["vision_cfg"]["image_size"], seed=202)
            verify(folder, ids, images, model.encode_image(images, normalize=False),
                   model.encode_text(ids, normalize=False))


if __name__ == "__main__":
    main()
