"""A small random BERT as a Hugging Face folder, `models/tiny-bert`, with golden outputs: tests without any download.

Two layers, width 32, four heads, 60 words, 64 positions. Weights are drawn wider than BERT is initialised, and the
layer normalisations are random, so that a mistake anywhere moves the outputs. `outputs.safetensors` holds for each
length L in LENGTHS: ids.L [L], hidden.L [L, 32] (last hidden state), mean.L [32] (its mean over the tokens,
normalised to length 1).

Needs: torch 2.13.0 (CPU), transformers 5.23.0, safetensors 0.8.0.
Run:   python tiny_bert.py --output ../models/tiny-bert
"""

import argparse
import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import BertConfig, BertModel

LENGTHS = (1, 2, 3, 7, 16, 33, 64)
VOCABULARY = (
    "[PAD] [UNK] [CLS] [SEP] [MASK] . , ' - a of the on in with and photo picture dog cat bird fish horse red green "
    "blue black white small big beach car house tree snow sun two three run play sit stand ##s ##ing ##ed ##er "
    "##n ##t ##e ##a ##o ##i ##y b c d e f g h"
).split()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, required=True, help="the folder to write")
    arguments = parser.parse_args()
    if len(VOCABULARY) != 60 or len(set(VOCABULARY)) != 60:
        raise SystemExit(f"the vocabulary has {len(set(VOCABULARY))} different words of {len(VOCABULARY)}, expected 60")
    configuration = BertConfig(
        vocab_size=60, hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64,
        max_position_embeddings=64, type_vocab_size=2)
    generator = torch.Generator().manual_seed(20)
    model = BertModel(configuration, add_pooling_layer=False).eval()
    state = {}
    for name, value in model.state_dict().items():
        if not value.is_floating_point():
            continue
        noise = torch.randn(value.shape, generator=generator)
        if name.endswith("LayerNorm.weight"):
            state[name] = 1 + 0.2 * noise
        elif name.endswith("bias"):
            state[name] = 0.1 * noise
        else:
            state[name] = 0.25 * noise
    model.load_state_dict(state, strict=False)
    outputs = {}
    for length in LENGTHS:
        ids = torch.randint(0, 60, (length,), generator=generator)
        with torch.inference_mode():
            hidden = model(input_ids=ids[None]).last_hidden_state[0]
        outputs[f"ids.{length}"] = ids.to(torch.int32)
        outputs[f"hidden.{length}"] = hidden.contiguous()
        outputs[f"mean.{length}"] = torch.nn.functional.normalize(hidden.mean(0), dim=0)
    folder = arguments.output
    folder.mkdir(parents=True, exist_ok=True)
    save_file(state, folder / "model.safetensors", metadata={"format": "pt"})
    save_file(outputs, folder / "outputs.safetensors")
    (folder / "vocab.txt").write_text("\n".join(VOCABULARY) + "\n", encoding="utf-8")
    description = {
        "architectures": ["BertModel"], "model_type": "bert", "vocab_size": 60, "hidden_size": 32,
        "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 64, "hidden_act": "gelu",
        "max_position_embeddings": 64, "type_vocab_size": 2, "layer_norm_eps": configuration.layer_norm_eps,
        "pad_token_id": 0, "position_embedding_type": "absolute",
    }
    (folder / "config.json").write_text(json.dumps(description, indent=2) + "\n", encoding="utf-8")
    tokenizer = {"do_lower_case": True, "model_max_length": 64, "tokenizer_class": "BertTokenizer"}
    (folder / "tokenizer_config.json").write_text(json.dumps(tokenizer, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
