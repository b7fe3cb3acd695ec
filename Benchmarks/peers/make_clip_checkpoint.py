"""Writes a CLIP ViT-B/32 with random weights, laid out as on the Hugging Face hub.

What a network's numbers are does not change how long it takes, so nothing has to be downloaded; all sides of the
comparison read the same weights. They are drawn as OpenAI's code initialises them (Radford et al., "Learning
Transferable Visual Models From Natural Language Supervision", 2021), so that activations stay as large as in a trained
model; biases are not 0, so that one that is forgotten shows. `tokenizer.json` is the real one, made from the merges
that Glimpse carries.

OpenAI published halves: its matrices and their biases are what `--halves` makes, floats that lost no bit when they were
halves (`convert_weights` of clip/model.py says which). open_clip's own checkpoints are floats through and through.

Needs: requirements.txt.
Run:   python make_clip_checkpoint.py --merges ../../Sources/GlimpseText/Resources/clip-merges.bin --output FOLDER [--halves]
"""

import argparse
import json
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

SEED = 32
EMBEDDING = 512
VOCABULARY, CONTEXT = 49408, 77
START, END = "<|startoftext|>", "<|endoftext|>"
# How transformers names the parts of each tower, its width, and its heads of 64.
TOWERS = {"text_model": (512, 8), "vision_model": (768, 12)}
LAYERS = 12
SIDE, PATCH = 224, 32
MEAN, DEVIATION = (0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)
# How CLIP's tokenizer cuts a text into words.
WORDS = r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"


class Weights:
    """Tensors drawn one after the other from one generator."""

    def __init__(self) -> None:
        self.generator = np.random.default_rng(SEED)
        self.tensors: dict[str, np.ndarray] = {}

    def draw(self, name: str, shape: tuple[int, ...], deviation: float) -> None:
        """Adds a tensor."""
        self.tensors[name] = self.generator.standard_normal(shape, np.float32) * np.float32(deviation)

    def linear(self, name: str, outputs: int, inputs: int, deviation: float) -> None:
        """A matrix [outputs, inputs] with its bias."""
        self.draw(f"{name}.weight", (outputs, inputs), deviation)
        self.draw(f"{name}.bias", (outputs,), 0.02)

    def layer_norm(self, name: str, width: int) -> None:
        """Gains around 1."""
        self.draw(f"{name}.weight", (width,), 0.02)
        self.tensors[f"{name}.weight"] += 1
        self.draw(f"{name}.bias", (width,), 0.02)

    def layers(self, tower: str, width: int) -> None:
        """Attention and an MLP four times as wide, with what follows each made smaller for the number of layers."""
        inner, outer, hidden = width**-0.5, width**-0.5 * (2 * LAYERS) ** -0.5, (2 * width) ** -0.5
        for index in range(LAYERS):
            name = f"{tower}.encoder.layers.{index}"
            for part in ("q_proj", "k_proj", "v_proj"):
                self.linear(f"{name}.self_attn.{part}", width, width, inner)
            self.linear(f"{name}.self_attn.out_proj", width, width, outer)
            self.layer_norm(f"{name}.layer_norm1", width)
            self.linear(f"{name}.mlp.fc1", 4 * width, width, hidden)
            self.linear(f"{name}.mlp.fc2", width, 4 * width, outer)
            self.layer_norm(f"{name}.layer_norm2", width)


def tensors() -> dict[str, np.ndarray]:
    """The whole checkpoint."""
    weights = Weights()
    width, _ = TOWERS["text_model"]
    weights.draw("text_model.embeddings.token_embedding.weight", (VOCABULARY, width), 0.02)
    weights.draw("text_model.embeddings.position_embedding.weight", (CONTEXT, width), 0.01)
    weights.layers("text_model", width)
    weights.layer_norm("text_model.final_layer_norm", width)
    weights.draw("text_projection.weight", (EMBEDDING, width), width**-0.5)
    width, _ = TOWERS["vision_model"]
    weights.draw("vision_model.embeddings.class_embedding", (width,), width**-0.5)
    weights.draw("vision_model.embeddings.patch_embedding.weight", (width, 3, PATCH, PATCH), 0.02)
    weights.draw("vision_model.embeddings.position_embedding.weight", ((SIDE // PATCH) ** 2 + 1, width), width**-0.5)
    weights.layer_norm("vision_model.pre_layrnorm", width)  # sic: the key of all published checkpoints
    weights.layers("vision_model", width)
    weights.layer_norm("vision_model.post_layernorm", width)
    weights.draw("visual_projection.weight", (EMBEDDING, width), width**-0.5)
    return weights.tensors | {"logit_scale": np.float32(np.log(100))[...]}


def rounded(name: str, tensor: np.ndarray) -> np.ndarray:
    """What OpenAI's checkpoints hold: linear maps and the patches' convolution as halves, embeddings and norms as floats."""
    is_linear = any(part in name for part in ("_proj.", "mlp.", "patch_embedding", "_projection"))
    return tensor.astype(np.float16).astype(np.float32) if is_linear else tensor


def section(tower: str) -> dict:
    """What both towers say in `config.json`."""
    width, heads = TOWERS[tower]
    return {"hidden_size": width, "intermediate_size": 4 * width, "num_hidden_layers": LAYERS,
            "num_attention_heads": heads, "hidden_act": "quick_gelu", "layer_norm_eps": 1e-5}


def configuration() -> dict:
    """`config.json`"""
    return {
        "model_type": "clip", "projection_dim": EMBEDDING,
        "text_config": section("text_model") | {"vocab_size": VOCABULARY, "max_position_embeddings": CONTEXT,
                                                "bos_token_id": VOCABULARY - 2, "eos_token_id": VOCABULARY - 1},
        "vision_config": section("vision_model") | {"image_size": SIDE, "patch_size": PATCH, "num_channels": 3},
    }


def preprocessing() -> dict:
    """`preprocessor_config.json`"""
    return {"do_resize": True, "size": {"shortest_edge": SIDE}, "resample": 3, "do_center_crop": True,
            "crop_size": {"height": SIDE, "width": SIDE}, "do_normalize": True, "image_mean": MEAN,
            "image_std": DEVIATION}


def byte_symbols() -> list[str]:
    """The characters that stand for bytes, in the order of the vocabulary: printable ones are themselves."""
    printable = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    others = [byte for byte in range(256) if byte not in printable]
    return [chr(byte) for byte in printable] + [chr(256 + index) for index in range(len(others))]


def tokenizer(merges: Path) -> dict:
    """`tokenizer.json` of all published CLIP models, from pairs of ids, 16 bits each."""
    symbols = byte_symbols()
    tokens = symbols + [symbol + "</w>" for symbol in symbols]
    pairs = []
    for first, second in np.fromfile(merges, "<u2").reshape(-1, 2):
        pairs.append([tokens[first], tokens[second]])
        tokens.append(tokens[first] + tokens[second])
    tokens += [START, END]
    ids = {token: number for number, token in enumerate(tokens)}
    if len(ids) != VOCABULARY:
        raise ValueError(f"{merges}: {len(ids)} tokens, expected {VOCABULARY}")
    added = [{"id": ids[token], "content": token, "single_word": False, "lstrip": False, "rstrip": False,
              "normalized": token == START, "special": True} for token in (START, END)]
    return {
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": added,
        "normalizer": {"type": "Sequence", "normalizers": [
            {"type": "NFC"}, {"type": "Replace", "pattern": {"Regex": r"\s+"}, "content": " "}, {"type": "Lowercase"}]},
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
            {"type": "Split", "pattern": {"Regex": WORDS}, "behavior": "Removed", "invert": True},
            {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}]},
        "post_processor": {"type": "RobertaProcessing", "sep": [END, ids[END]], "cls": [START, ids[START]],
                           "trim_offsets": False, "add_prefix_space": False},
        "decoder": {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True},
        "model": {"type": "BPE", "dropout": None, "unk_token": END, "continuing_subword_prefix": "",
                  "end_of_word_suffix": "</w>", "fuse_unk": False, "byte_fallback": False, "vocab": ids,
                  "merges": pairs},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--merges", type=Path, required=True, help="clip-merges.bin")
    parser.add_argument("--output", type=Path, required=True, help="the folder to write")
    parser.add_argument("--halves", action="store_true", help="matrices that halves hold, as OpenAI's")
    arguments = parser.parse_args()
    arguments.output.mkdir(parents=True, exist_ok=True)
    for name, content in (("config.json", configuration()), ("preprocessor_config.json", preprocessing()),
                          ("tokenizer.json", tokenizer(arguments.merges))):
        (arguments.output / name).write_text(json.dumps(content, ensure_ascii=False, indent=1), "utf-8")
    weights = tensors()
    if arguments.halves:
        weights = {name: rounded(name, tensor) for name, tensor in weights.items()}
    save_file(weights, arguments.output / "model.safetensors", {"format": "pt"})


if __name__ == "__main__":
    main()
