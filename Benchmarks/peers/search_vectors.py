"""Finds the vectors nearest to a text, from the start of the process on: tokenizers, ONNX Runtime, one product of NumPy.

The text is padded to 77 tokens, as exports of CLIP for users want it. Prints the paths of the nearest, the best first.

Needs: requirements.txt.
Run:   python search_vectors.py --network clip-text.onnx --model FOLDER --vectors FOLDER "a photo of a cat"
"""

import argparse
import os
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

CONTEXT = 77
SHOWN = 10


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--network", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True, help="the folder of tokenizer.json")
    parser.add_argument("--vectors", type=Path, required=True, help="the folder of vectors.f32 and paths.txt")
    parser.add_argument("text")
    arguments = parser.parse_args()
    tokenizer = Tokenizer.from_file(str(arguments.model / "tokenizer.json"))
    tokenizer.enable_padding(length=CONTEXT)
    tokenizer.enable_truncation(CONTEXT)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = os.cpu_count() or 1
    session = onnxruntime.InferenceSession(arguments.network, options, providers=["CPUExecutionProvider"])
    (query,) = session.run(None, {"input_ids": np.int64([tokenizer.encode(arguments.text).ids])})[0]
    paths = (arguments.vectors / "paths.txt").read_text("utf-8").splitlines()
    vectors = np.fromfile(arguments.vectors / "vectors.f32", "<f4").reshape(len(paths), -1)
    for index in np.argsort(-(vectors @ query))[:SHOWN]:
        print(paths[index])


if __name__ == "__main__":
    main()
