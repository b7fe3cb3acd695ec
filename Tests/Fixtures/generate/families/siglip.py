"""SigLIP as transformers lays it out, `hf-siglip` and `hf-siglip2`, and as open_clip, `openclip-siglip` and `-siglip2`.

24 pixels in patches of 8, two layers, text context 64. `hf-siglip` is width 24 throughout, in float32, with a
configuration that leaves out what equals the defaults and with a Unigram tokenizer. `hf-siglip2` has vision width 32,
text width 24, a projection between, and a byte-pair tokenizer with byte fallback. The other two have a vision trunk of
timm (width 32, exact and approximate GELU), registered here under names of their own.

Needs: torch 2.15.0 (CPU), transformers 5.23.0, open_clip_torch 3.3.0, timm 1.0.31, sentencepiece 0.2.3.
Run:   python siglip.py
"""

from pathlib import Path

import torch
from open_clip.tokenizer import HFTokenizer, get_clean_fn
from safetensors.torch import save_file
from timm.models import register_model
from timm.models.vision_transformer import VisionTransformer
from transformers import AutoTokenizer, SiglipConfig, SiglipModel, SiglipTokenizer

from common import TEXTS, check_sensitivity, draw, fresh, pixels, round_to, stored, write_json, write_reference
from openclip import build, verify, write_model
from sentencepieces import gemma_json, siglip_json, t5_json, train

CONTEXT = 64
# The last has characters of the rules, and one that no vocabulary here has.
SIGLIP_TEXTS = (
    TEXTS[0], TEXTS[1].replace("isn't", "isn’t"), " ".join(TEXTS[2].split()[:60]), "Ａ ﬁsh,  in_a 水 tank")
LOWER_TEXTS = ("a photo of a cat", "two dogs run on the beach: 7 o'clock! 🐱 é", TEXTS[2], "  a  fish tank ")
PREPROCESSING = {"mean": [0.5] * 3, "std": [0.5] * 3, "interpolation": "bicubic", "resize_mode": "squash"}


@register_model
def vit_tiny_patch8_siglip_24(pretrained: bool = False, **options) -> VisionTransformer:
    return _trunk(options)


@register_model
def vit_tiny_patch8_siglip_tanh_24(pretrained: bool = False, **options) -> VisionTransformer:
    return _trunk({**options, "act_layer": "gelu_tanh"})


def _trunk(options: dict) -> VisionTransformer:
    options = {key: value for key, value in options.items() if not key.startswith("pretrained") and key != "cache_dir"}
    model = VisionTransformer(**{
        "img_size": 24, "patch_size": 8, "embed_dim": 32, "depth": 2, "num_heads": 4, "mlp_ratio": 2.0,
        "class_token": False, "global_pool": "map", **options})
    model.default_cfg = {}
    return model


def write_transformers(
    name: str, configuration: dict, ids: torch.Tensor, texts: tuple[str, ...], type: torch.dtype, seed: int,
    **more: torch.Tensor,
) -> Path:
    folder = fresh(name)
    model = SiglipModel(SiglipConfig(**configuration)).eval()
    draw(model, seed)
    round_to(model, type)
    images = pixels(24, seed=302)

    def outputs(model=model):
        with torch.inference_mode():
            output = model(input_ids=ids, pixel_values=images)
            return {"image_features": output.vision_model_output.pooler_output,
                    "text_features": output.text_model_output.pooler_output,
                    "logits_per_image": output.logits_per_image}

    check_sensitivity(model, outputs, inert=lambda key: key.endswith("k_proj.bias"))
    save_file(stored(model.state_dict(), type), folder / "model.safetensors", {"format": "pt"})
    write_json(folder / "config.json", configuration)
    write_json(folder / "preprocessor_config.json", {
        "do_normalize": True, "do_rescale": True, "do_resize": True, "image_mean": [0.5] * 3,
        "image_processor_type": "SiglipImageProcessor", "image_std": [0.5] * 3, "processor_class": "SiglipProcessor",
        "resample": 3 if name == "hf-siglip" else 2, "rescale_factor": 1 / 255, "size": {"height": 24, "width": 24},
    })
    write_reference(folder, texts, pixels=images, ids=ids, **more, **outputs())
    torch.testing.assert_close(outputs(SiglipModel.from_pretrained(folder, dtype=torch.float32).eval()), outputs())
    return folder


def first_siglip() -> None:
    working = fresh("hf-siglip")
    proto = train(working / "spiece.model", 200, lower=True, pad_id=0, eos_id=1, unk_id=2, bos_id=-1)
    slow = SiglipTokenizer(str(working / "spiece.model"))
    fast = siglip_json(proto)
    rows = [slow(text)["input_ids"] for text in SIGLIP_TEXTS]
    for text, row in zip(SIGLIP_TEXTS, rows):
        assert fast.encode(text).ids == row, (text, fast.encode(text).tokens, slow.convert_ids_to_tokens(row))
    ids = torch.tensor([(row[: CONTEXT - 1] + [1] * CONTEXT)[:CONTEXT] for row in rows])
    lengths = torch.tensor([min(len(row), CONTEXT) for row in rows])
    model_file = (working / "spiece.model").read_bytes()
    assert lengths.max() == CONTEXT, lengths
    narrow = {"hidden_size": 24, "intermediate_size": 48, "num_attention_heads": 3, "num_hidden_layers": 2}
    folder = write_transformers("hf-siglip", {
        "architectures": ["SiglipModel"], "initializer_factor": 1.0, "model_type": "siglip",
        "text_config": {**narrow, "model_type": "siglip_text_model", "vocab_size": len(proto.pieces)},
        "vision_config": {**narrow, "model_type": "siglip_vision_model", "image_size": 24, "patch_size": 8},
    }, ids, SIGLIP_TEXTS, torch.float32, seed=311, ids_length=lengths)
    (folder / "spiece.model").write_bytes(model_file)
    fast.save(str(folder / "tokenizer.json"))
    token = {"lstrip": True, "normalized": False, "rstrip": True, "single_word": False}
    names = {"eos_token": "</s>", "pad_token": "</s>", "unk_token": "<unk>"}
    write_json(folder / "special_tokens_map.json", {key: {"content": value, **token} for key, value in names.items()})
    write_json(folder / "tokenizer_config.json", {
        "added_tokens_decoder": {
            "1": {"content": "</s>", **token, "special": True}, "2": {"content": "<unk>", **token, "special": True}},
        "additional_special_tokens": [], "clean_up_tokenization_spaces": True, "do_lower_case": True, **names,
        "model_input_names": ["input_ids"], "model_max_length": CONTEXT, "processor_class": "SiglipProcessor",
        "sp_model_kwargs": {}, "tokenizer_class": "SiglipTokenizer",
    })


def second_siglip() -> None:
    tokenizer = gemma_json(120)
    rows = [tokenizer.encode(text).ids for text in LOWER_TEXTS]
    rows = [row if len(row) <= CONTEXT else row[: CONTEXT - 1] + [1] for row in rows]
    ids = torch.tensor([(row + [0] * CONTEXT)[:CONTEXT] for row in rows])
    lengths = torch.tensor([min(len(row), CONTEXT) for row in rows])
    assert lengths.max() == CONTEXT, lengths
    folder = write_transformers("hf-siglip2", {
        "architectures": ["SiglipModel"], "initializer_factor": 1.0, "model_type": "siglip",
        "text_config": {
            "hidden_size": 24, "intermediate_size": 48, "model_type": "siglip_text_model", "num_attention_heads": 3,
            "num_hidden_layers": 2, "projection_size": 32, "vocab_size": tokenizer.get_vocab_size()},
        "vision_config": {
            "hidden_size": 32, "intermediate_size": 64, "model_type": "siglip_vision_model", "num_attention_heads": 4,
            "num_hidden_layers": 2, "image_size": 24, "patch_size": 8},
        "torch_dtype": "float32",
    }, ids, LOWER_TEXTS, torch.float16, seed=312, ids_length=lengths)
    tokenizer.save(str(folder / "tokenizer.json"))
    write_json(folder / "tokenizer_config.json", {
        "add_bos_token": False, "add_eos_token": True, "bos_token": "<bos>", "clean_up_tokenization_spaces": False,
        "eos_token": "<eos>", "model_input_names": ["input_ids"], "model_max_length": CONTEXT, "pad_token": "<pad>",
        "padding_side": "right", "processor_class": "SiglipProcessor", "tokenizer_class": "GemmaTokenizer",
        "unk_token": "<unk>",
    })
    read = AutoTokenizer.from_pretrained(folder)(
        list(LOWER_TEXTS), padding="max_length", max_length=CONTEXT, truncation=True, return_tensors="pt")["input_ids"]
    assert torch.equal(read, ids), (read, ids)


def openclip(name: str, trunk: str, text_options: dict, second: bool, seed: int) -> None:
    working = fresh(name)
    if second:
        tokenizer = gemma_json(120)
    else:
        tokenizer = t5_json(train(working / "spiece.model", 200, lower=True, pad_id=0, eos_id=1, unk_id=2, bos_id=-1))
        (working / "spiece.model").unlink()
    tokenizer.save(str(working / "tokenizer.json"))
    settings = {
        "clean_up_tokenization_spaces": False, "eos_token": "<eos>" if second else "</s>",
        "model_max_length": CONTEXT, "pad_token": "<pad>" if second else "</s>", "unk_token": "<unk>",
        "tokenizer_class": "GemmaTokenizer" if second else "T5Tokenizer", "padding_side": "right",
        **({"add_bos_token": False, "add_eos_token": True, "bos_token": "<bos>"} if second else {
            "extra_ids": 0, "additional_special_tokens": []}),
    }
    write_json(working / "tokenizer_config.json", settings)
    ids = HFTokenizer(str(working), context_length=CONTEXT, clean="canonicalize")(list(SIGLIP_TEXTS))
    for text, row in zip(SIGLIP_TEXTS, ids.tolist()):
        expected = tokenizer.encode(get_clean_fn("canonicalize")(text)).ids[:-1][: CONTEXT - 1]
        assert row[: len(expected) + 1] == [*expected, 1], (text, row, expected)
    end, pad = 1, 0 if second else 1
    lengths = (ids == end).int().argmax(-1) + 1
    assert lengths.max() == CONTEXT and bool((ids[0, lengths[0]:] == pad).all()), (ids, lengths)
    configuration = {
        "embed_dim": 32, "init_logit_bias": -10, "custom_text": True,
        "vision_cfg": {
            "image_size": 24, "timm_model_name": trunk, "timm_model_pretrained": False, "timm_pool": "map",
            "timm_proj": "none"},
        "text_cfg": {
            "context_length": CONTEXT, "vocab_size": tokenizer.get_vocab_size(),
            "hf_tokenizer_name": f"timm/{'ViT-B-16-SigLIP2' if second else 'ViT-B-16-SigLIP'}",
            "tokenizer_kwargs": {"clean": "canonicalize"}, "width": 24, "heads": 3, "layers": 2, "mlp_ratio": 2.0,
            "no_causal_mask": True, "pool_type": "last", **text_options, "norm_kwargs": {"eps": 1e-6}},
    }
    model = build(configuration)
    draw(model, seed)
    files = {path.name: path.read_text(encoding="utf-8") for path in working.iterdir()}
    folder = write_model(name, model, configuration, PREPROCESSING, ids, SIGLIP_TEXTS, ids_length=lengths)
    for file, content in files.items():
        (folder / file).write_text(content, encoding="utf-8")
    with torch.inference_mode():
        images = pixels(24, seed=202)
        verify(folder, ids, images, model.encode_image(images), model.encode_text(ids))


def main() -> None:
    first_siglip()
    second_siglip()
    openclip("openclip-siglip", "vit_tiny_patch8_siglip_24", {"proj_bias": True}, second=False, seed=313)
    openclip("openclip-siglip2", "vit_tiny_patch8_siglip_tanh_24",
             {"proj_bias": True, "act_kwargs": {"approximate": "tanh"}}, second=True, seed=314)


if __name__ == "__main__":
    main()
