"""Runs ONNX Runtime on request, so that a benchmark can interleave it with its own runs, one process each.

Reads one JSON object a line from standard input and answers each with one line of JSON. First a case is loaded, by a
name that the caller chooses, and answered with the vectors that the `lite` model makes of the network's outputs:

    {"load": "a", "model": "efficientnet_lite0.onnx", "pictures": "<base64 of [B, 224, 224, 3] bytes>"}
    {"load": "b", "model": "minilm.onnx", "tokens": [[101, 4937, 102]], "length": 128}
    {"vectors": [[0.0311, …]], "runtime": "onnxruntime 1.32.0"}

`length` pads the tokens, as the model's own tokenizer.json does; without it a text is as long as it is, and all texts of
a case are equally long. Then it is timed, as often as wanted:

    {"time": "a", "runs": 5}
    {"seconds": [0.0101, …]}

A request that fails is answered with {"error": "…"}. The process ends with its input.

Needs: requirements.txt.
Run:   python time_peer.py --lite FOLDER [--threads 2]
"""

import argparse
import base64
import json
import sys
import time
from pathlib import Path

import numpy as np
import onnxruntime
from safetensors import safe_open

SIDE = 224


def unit(rows: np.ndarray) -> np.ndarray:
    """Rows divided by their Euclidean norm."""
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


class LiteHeads:
    """What the `lite` model makes of the outputs of its two networks."""

    def __init__(self, folder: Path) -> None:
        concepts = json.loads((folder / "config.json").read_text("utf-8"))["concepts"]
        self.top_classes, self.appearance_scale = concepts["top_classes"], concepts["appearance_scale"]
        with safe_open(folder / "model.safetensors", "numpy") as weights:
            self.class_vectors = weights.get_tensor("concepts.class_vectors")
            self.appearance = weights.get_tensor("concepts.appearance.weight")
            self.center = weights.get_tensor("concepts.center")

    def image(self, logits: np.ndarray, pooled: np.ndarray) -> np.ndarray:
        """The classes' vectors, weighted by probability, beside the features' projection: [B, D]."""
        probabilities = np.exp(logits - logits.max(1, keepdims=True))
        smallest = np.sort(probabilities, 1)[:, -self.top_classes][:, None]
        words = unit(np.where(probabilities >= smallest, probabilities, 0) @ self.class_vectors)
        return unit(np.concatenate([words, unit(pooled @ self.appearance.T) * self.appearance_scale], 1))

    def text(self, sentences: np.ndarray) -> np.ndarray:
        """Sentences from the middle of all that name classes, without looks: [B, D]."""
        return np.pad(unit(unit(sentences) - self.center), ((0, 0), (0, len(self.appearance))))


class Peer:
    """The loaded models, and the inputs of each case."""

    def __init__(self, heads: LiteHeads, threads: int) -> None:
        self.heads, self.threads = heads, threads
        self.sessions: dict[str, onnxruntime.InferenceSession] = {}
        self.cases: dict[str, tuple[onnxruntime.InferenceSession, dict[str, np.ndarray]]] = {}

    def session(self, model: str) -> onnxruntime.InferenceSession:
        """A model, loaded at its first use."""
        if model not in self.sessions:
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = self.threads
            options.inter_op_num_threads = 1
            options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
            # Spinning between requests would take the cores from the other side of the comparison.
            options.add_session_config_entry("session.force_spinning_stop", "1")
            self.sessions[model] = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        return self.sessions[model]

    def load(self, request: dict) -> dict:
        """Keeps the inputs of a case and runs it once."""
        session = self.session(request["model"])
        if "pictures" in request:
            bytes_ = np.frombuffer(base64.b64decode(request["pictures"]), np.uint8).reshape(-1, SIDE, SIDE, 3)
            pixels = (bytes_.astype(np.float32) - 127) / 128
            inputs = {"pixels": np.ascontiguousarray(pixels.transpose(0, 3, 1, 2))}
            vectors = self.heads.image(*session.run(["logits", "pooled"], inputs))
        else:
            tokens = request["tokens"]
            length = request.get("length") or len(tokens[0])
            inputs = {"input_ids": np.int64([row + [0] * (length - len(row)) for row in tokens]),
                      "attention_mask": np.int64([[1] * len(row) + [0] * (length - len(row)) for row in tokens])}
            vectors = self.heads.text(session.run(["embeddings"], inputs)[0])
        self.cases[request["load"]] = session, inputs
        return {"vectors": vectors.tolist(), "runtime": f"onnxruntime {onnxruntime.__version__}"}

    def time(self, request: dict) -> dict:
        """Seconds of each run."""
        session, inputs = self.cases[request["time"]]
        seconds = []
        for _ in range(request["runs"]):
            start = time.perf_counter()
            session.run(None, inputs)
            seconds.append(time.perf_counter() - start)
        return {"seconds": seconds}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lite", type=Path, required=True, help="the folder of the lite model")
    parser.add_argument("--threads", type=int, default=2, help="threads inside an operator")
    arguments = parser.parse_args()
    peer = Peer(LiteHeads(arguments.lite), arguments.threads)
    for line in sys.stdin:
        try:
            request = json.loads(line)
            answer = peer.load(request) if "load" in request else peer.time(request)
        except Exception as error:  # the driver decides what a failed request means; the process goes on
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
