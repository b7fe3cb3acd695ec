"""CLIP as transformers lays it out: `hf-clip`, the same weights as `hf-clip-sharded` and `hf-clip-bin`, `hf-clip-eos`.

Vision width 32 (4 heads), text width 24 (3 heads), projection 16, two layers each, 32 pixels in patches of 8, context
77, vocabulary 600 of which the last two ids are in no tokenizer. The weights are numbers that float16 and bfloat16 both
hold, so three folders share one reference. `hf-clip-eos` has no weights: its configuration names the end token, as
newer files do, where `hf-clip` has the 2 of older files; `ids_added` has ids above the end token, where they differ.

Needs: torch 2.15.0 (CPU), transformers 5.23.0, safetensors 0.8.0.
Run:   python hf_clip.py
"""

import copy
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import AutoTokenizer, CLIPConfig, CLIPModel

from common import (CLIP_MEAN, CLIP_STD, FAMILIES, TEXTS, check_sensitivity, draw, fresh, pixels, round_to, stored,
                    write_clip_tokenizer, write_json, write_reference)

CONTEXT = 77
END = 597


def configuration(end: int) -> dict:
    common = {"attention_dropout": 0.0, "dropout": 0.0, "hidden_act": "quick_gelu", "initializer_factor": 1.0,
              "initializer_range": 0.02, "layer_norm_eps": 1e-05, "num_hidden_layers": 2, "projection_dim": 16}
    return {
        "architectures": ["CLIPModel"], "initializer_factor": 1.0, "logit_scale_init_value": 2.6592,
        "model_type": "clip", "projection_dim": 16,
        "text_config": {
            **common, "bos_token_id": 0, "eos_token_id": end, "hidden_size": 24, "intermediate_size": 96,
            "max_position_embeddings": CONTEXT, "model_type": "clip_text_model", "num_attention_heads": 3,
            "pad_token_id": 1, "vocab_size": 600,
        },
        "vision_config": {
            **common, "hidden_size": 32, "image_size": 32, "intermediate_size": 64, "model_type": "clip_vision_model",
            "num_attention_heads": 4, "num_channels": 3, "patch_size": 8,
        },
    }


def write_settings(folder: Path, end: int, newer: bool = False) -> None:
    """Everything but weights, in the form of older repositories, or of newer ones: sizes named, one tokenizer file."""
    write_json(folder / "config.json", configuration(end))
    sizes = {"size": {"shortest_edge": 32}, "crop_size": {"height": 32, "width": 32}} if newer else {
        "size": 32, "crop_size": 32}
    kind = {"image_processor_type": "CLIPImageProcessor", "do_rescale": True, "rescale_factor": 1 / 255,
            "do_convert_rgb": True} if newer else {"feature_extractor_type": "CLIPFeatureExtractor"}
    write_json(folder / "preprocessor_config.json", {
        **sizes, **kind, "do_center_crop": True, "do_normalize": True, "do_resize": True, "image_mean": CLIP_MEAN,
        "image_std": CLIP_STD, "resample": 3,
    })
    write_clip_tokenizer(folder, CONTEXT, merges_as_text=not newer)
    if newer:
        (folder / "vocab.json").unlink()
        (folder / "merges.txt").unlink()


def main() -> None:
    model = CLIPModel(CLIPConfig(**configuration(2))).eval()
    # Any scale of the patches would do: a norm follows.
    draw(model, seed=101, deviations={"patch_embedding.weight": 0.6})
    round_to(model, torch.bfloat16, torch.float16)
    newer = CLIPModel(CLIPConfig(**configuration(END))).eval()
    newer.load_state_dict(model.state_dict())
    # Files of older versions also hold the position numbers.
    positions = {
        "text_model.embeddings.position_ids": torch.arange(CONTEXT)[None],
        "vision_model.embeddings.position_ids": torch.arange(17)[None],
    }

    folder = fresh("hf-clip")
    write_settings(folder, end=2)
    save_file(stored(model.state_dict(), torch.float16) | positions, folder / "model.safetensors", {"format": "pt"})
    tokens = AutoTokenizer.from_pretrained(folder)(
        list(TEXTS), padding="max_length", truncation=True, max_length=CONTEXT, return_tensors="pt")
    ids, mask, images = tokens["input_ids"], tokens["attention_mask"], pixels(32, seed=102)
    length = mask.sum(-1)
    assert length[-1] == CONTEXT and bool((ids.gather(1, length[:, None] - 1) == END).all())
    added = ids.clone()
    added[0, 2], added[1, 4] = 599, 598


    def features(model=model, ids=ids, mask=mask):
        with torch.inference_mode():
            text = model.get_text_features(input_ids=ids, attention_mask=mask).pooler_output
            image = model.get_image_features(pixel_values=images).pooler_output
        return {"image_features": image, "text_features": text}

    outputs = features()
    torch.testing.assert_close(features(mask=None)["text_features"], outputs["text_features"])
    torch.testing.assert_close(features(newer)["text_features"], outputs["text_features"])
    with torch.inference_mode():
        logits = model(input_ids=ids, attention_mask=mask, pixel_values=images).logits_per_image
    check_sensitivity(model, lambda: features() | {"logits": model(
        input_ids=ids, pixel_values=images).logits_per_image}, inert=lambda name: name.endswith("k_proj.bias"))
    older_added = features(ids=added, mask=None)["text_features"]
    newer_added = features(newer, ids=added, mask=None)["text_features"]
    assert (older_added - newer_added).abs().max() > 0.1
    reference = dict(pixels=images, ids=ids, ids_length=length, logits_per_image=logits, **outputs)
    write_reference(folder, TEXTS, **reference, ids_added=added, text_features_added=older_added)

    folder = fresh("hf-clip-eos")
    write_settings(folder, end=END)
    (folder / "model.safetensors").symlink_to("../hf-clip/model.safetensors")
    write_reference(folder, TEXTS, **reference, ids_added=added, text_features_added=newer_added)

    folder = fresh("hf-clip-sharded")
    copy.deepcopy(model).to(torch.bfloat16).save_pretrained(folder, max_shard_size="60KB")
    (folder / "generation_config.json").unlink(missing_ok=True)
    write_settings(folder, end=2, newer=True)
    write_reference(folder, TEXTS, **reference)

    folder = fresh("hf-clip-bin")
    torch.save(stored(model.state_dict(), torch.float16) | positions, folder / "pytorch_model.bin")
    write_settings(folder, end=2)
    (folder / "tokenizer.json").unlink()
    write_reference(folder, TEXTS, **reference)

    for name in ("hf-clip", "hf-clip-eos", "hf-clip-sharded", "hf-clip-bin"):
        read = CLIPModel.from_pretrained(FAMILIES / name, dtype=torch.float32).eval()
        torch.testing.assert_close(features(read), outputs)
        read_ids = AutoTokenizer.from_pretrained(FAMILIES / name)(list(TEXTS), truncation=True, max_length=CONTEXT)
        assert [len(row) for row in read_ids["input_ids"]] == length.tolist(), name


if __name__ == "__main__":
    main()
