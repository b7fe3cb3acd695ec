"""Compares the ONNX files with PyTorch's outputs, which are the test fixtures; fails below a cosine of 0.999999.

Needs: requirements.txt.
Run:   python check_peers.py --models FOLDER --fixtures ../../Tests/Fixtures/models
"""

import argparse
import json
from pathlib import Path

import numpy as np
import onnxruntime
from safetensors.numpy import load_file

LOWEST_COSINE = 0.999999


def lowest_cosine(actual: np.ndarray, expected: np.ndarray) -> float:
    """The lowest cosine of two rows."""
    actual, expected = actual.astype(np.float64), expected.astype(np.float64)
    norms = np.linalg.norm(actual, axis=1) * np.linalg.norm(expected, axis=1)
    return float(((actual * expected).sum(1) / norms).min())


def image_cosines(models: Path, fixtures: Path) -> dict[str, float]:
    """The synthetic inputs of `efficientnet_lite0.py`."""
    y, x, c = np.ogrid[:224, :224, :3]
    inputs = np.stack([((y * 31 + x * 17 + c * 101 + seed * 7) * 2654435761 % 2**32 / 2**31 - 1).astype(np.float32)
                       for seed in range(3)]).transpose(0, 3, 1, 2)
    session = onnxruntime.InferenceSession(models / "efficientnet_lite0.onnx", providers=["CPUExecutionProvider"])
    logits, pooled = session.run(["logits", "pooled"], {"pixels": np.ascontiguousarray(inputs)})
    expected = load_file(fixtures / "efficientnet_lite0.safetensors")
    return {"efficientnet_lite0 logits": lowest_cosine(logits, expected["synthetic.logits"]),
            "efficientnet_lite0 pooled": lowest_cosine(pooled, expected["synthetic.pooled"])}


def text_cosines(models: Path, fixtures: Path, name: str) -> dict[str, float]:
    """All sentences one by one, and all in one padded batch."""
    session = onnxruntime.InferenceSession(models / f"{name}.onnx", providers=["CPUExecutionProvider"])
    tokens = [item["ids"] for item in json.loads((fixtures / "minilm-sentences.json").read_text("utf-8"))]
    expected = load_file(fixtures / "minilm.safetensors")["embeddings"]
    alone = [session.run(None, {"input_ids": np.int64([row]), "attention_mask": np.ones((1, len(row)), np.int64)})[0][0]
             for row in tokens]
    longest = max(map(len, tokens))
    ids = np.int64([row + [0] * (longest - len(row)) for row in tokens])
    mask = np.int64([[1] * len(row) + [0] * (longest - len(row)) for row in tokens])
    together = session.run(None, {"input_ids": ids, "attention_mask": mask})[0]
    return {f"{name} alone": lowest_cosine(np.stack(alone), expected),
            f"{name} padded": lowest_cosine(together, expected)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--models", type=Path, required=True, help="the folder with the ONNX files")
    parser.add_argument("--fixtures", type=Path, required=True, help="Tests/Fixtures/models")
    arguments = parser.parse_args()
    cosines = image_cosines(arguments.models, arguments.fixtures)
    for name in ("minilm", "minilm-fused"):
        cosines |= text_cosines(arguments.models, arguments.fixtures, name)
    for name, cosine in cosines.items():
        print(f"{name}: {cosine:.9f}")
    if min(cosines.values()) < LOWEST_COSINE:
        raise SystemExit(f"a cosine is below {LOWEST_COSINE}")


if __name__ == "__main__":
    main()
