"""Writes Sources/GlimpseModels/Resources/architectures.json: the sizes of open_clip's models by their names.

A checkpoint that is a single file does not say what it is; `--architecture NAME` takes its sizes from here. Of each of
open_clip's configurations the keys that Glimpse reads are kept; those with towers it does not know are left out.

Needs: open_clip_torch 3.3.0 (MIT).
Run:   python Scripts/make-architectures.py
"""

import json
from pathlib import Path

import open_clip

VISION_KEYS = (
    "image_size layers width head_width patch_size mlp_ratio no_ln_pre pool_type final_ln_after_pool attentional_pool "
    "attn_pooler_queries attn_pooler_heads norm_kwargs act_kwargs timm_model_name timm_pool timm_proj").split()
TEXT_KEYS = (
    "context_length vocab_size width heads layers mlp_ratio pool_type eos_id embed_cls no_causal_mask proj_type "
    "proj_bias norm_kwargs act_kwargs hf_model_name hf_pooler_type hf_proj_type hf_tokenizer_name tokenizer_kwargs").split()
TOP_KEYS = "embed_dim quick_gelu custom_text init_logit_bias".split()
TIMM = ("siglip", "fastvit_mci", "vit_base_mci_224", "vit_large_patch14_clip_224")


def is_known(name: str, configuration: dict) -> bool:
    vision, text = configuration["vision_cfg"], configuration["text_cfg"]
    trunk = vision.get("timm_model_name")
    if trunk is not None and not any(part in trunk for part in TIMM):
        return False
    encoder = text.get("hf_model_name")
    if encoder is not None and encoder not in ("xlm-roberta-base", "xlm-roberta-large"):
        return False
    # Configurations that no published checkpoint has.
    if "ls_init_value" in vision or "ls_init_value" in text or name.startswith(("coca_base", "ViT-e-", "ViT-S-", "ViT-M-")):
        return False
    return "block_type" not in vision and "naflex" not in name.lower()


def kept(section: dict, keys: list[str]) -> dict:
    return {key: section[key] for key in keys if section.get(key) is not None}


def main() -> None:
    architectures = {}
    for name in open_clip.list_models():
        configuration = open_clip.get_model_config(name)
        if not is_known(name, configuration):
            continue
        architectures[name] = kept(configuration, TOP_KEYS) | {
            "vision_cfg": kept(configuration["vision_cfg"], VISION_KEYS),
            "text_cfg": kept(configuration["text_cfg"], TEXT_KEYS),
        }
    path = Path(__file__).parent.parent / "Sources/GlimpseModels/Resources/architectures.json"
    lines = [f"{json.dumps(name)}: {json.dumps(value)}" for name, value in sorted(architectures.items())]
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n")
    print(f"{len(architectures)} architectures")


main()
