"""Writes the two towers of a CLIP checkpoint as ONNX, built from the weights node by node (PyTorch is not needed).

`clip-image`: input `pixels` [B, 3, 224, 224], output `embeddings` [B, 512]. `clip-text`: input `input_ids` [B, S],
int64, output `embeddings` [B, 512], taken at the largest id, which ends a text. S is free: 77 for texts that are
padded, as exports for users are, or the length of the texts. Embeddings are not normalised.

Two files each, so that a benchmark can take the faster one: of ONNX's own operators with one matrix for queries, keys
and values, and `-fused` with ONNX Runtime's attention, which the runtime does not find by itself in CLIP.

Needs: requirements.txt.
Run:   python make_clip_onnx.py --model FOLDER --output FOLDER
"""

import argparse
import json
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper
from safetensors.numpy import load_file

from onnx_graph import RUNTIME_DOMAIN, Graph


class Tower(Graph):
    """A pre-norm transformer, of one section of `config.json`."""

    def __init__(self, weights: dict[str, np.ndarray], section: dict, fused: bool) -> None:
        super().__init__(weights)
        self.width, self.heads = section["hidden_size"], section["num_attention_heads"]
        self.layers, self.epsilon = section["num_hidden_layers"], section["layer_norm_eps"]
        self.fused = fused

    def quick_gelu(self, x: str) -> str:
        """x · sigmoid(1.702 x), a pattern that ONNX Runtime replaces by one operator."""
        scaled = self.add("Mul", [x, self.constant("quick", np.float32(1.702))], f"{x}.scaled")
        return self.add("Mul", [x, self.add("Sigmoid", [scaled], f"{x}.gate")], f"{x}.gelu")

    def attention(self, x: str, name: str, mask: str | None) -> str:
        """Softmax(Q Kᵀ / √d + mask) V over all heads, before the output projection."""
        parts = [f"{name}.{part}_proj" for part in "qkv"]
        weight, bias = self.packed_projections(parts, name)
        if self.fused:
            return self.add("Attention", [x, weight, bias], f"{name}.context", RUNTIME_DOMAIN, num_heads=self.heads,
                            unidirectional=int(mask is not None))
        packed = self.add("Add", [self.add("MatMul", [x, weight], f"{name}.product"), bias], f"{name}.packed")
        names = [f"{name}.{part}" for part in ("query", "key", "value")]
        self.nodes.append(helper.make_node("Split", [packed], names, f"{name}.split", axis=-1, num_outputs=3))
        shape = self.constant("heads.shape", np.int64([0, 0, self.heads, self.width // self.heads]))
        query, key, value = (
            self.add("Transpose", [self.add("Reshape", [part, shape], f"{part}.split")], f"{part}.heads", perm=order)
            for part, order in zip(names, ([0, 2, 1, 3], [0, 2, 3, 1], [0, 2, 1, 3])))
        scale = self.constant("heads.scale", np.float32((self.width // self.heads) ** -0.5))
        scores = self.add("Mul", [self.add("MatMul", [query, key], f"{name}.products"), scale], f"{name}.scores")
        if mask:
            scores = self.add("Add", [scores, mask], f"{name}.masked")
        shares = self.add("Softmax", [scores], f"{name}.shares", axis=-1)
        heads = self.add("MatMul", [shares, value], f"{name}.heads")
        merged = self.add("Transpose", [heads], f"{name}.merged", perm=[0, 2, 1, 3])
        return self.add("Reshape", [merged, self.constant("width.shape", np.int64([0, 0, self.width]))],
                        f"{name}.context")

    def block(self, x: str, name: str, mask: str | None) -> str:
        """Attention and a QuickGELU network, each of the normalised input and added to it."""
        normalised = self.normalised(x, f"{name}.layer_norm1", self.epsilon)
        context = self.linear(self.attention(normalised, f"{name}.self_attn", mask), f"{name}.self_attn.out_proj")
        x = self.add("Add", [context, x], f"{name}.attended")
        inner = self.linear(self.normalised(x, f"{name}.layer_norm2", self.epsilon), f"{name}.mlp.fc1")
        return self.add("Add", [self.linear(self.quick_gelu(inner), f"{name}.mlp.fc2"), x], f"{name}.sum")

    def encoded(self, x: str, tower: str, mask: str | None = None) -> str:
        """All layers."""
        for index in range(self.layers):
            x = self.block(x, f"{tower}.encoder.layers.{index}", mask)
        return x


def image_tower(weights: dict[str, np.ndarray], configuration: dict, fused: bool) -> onnx.ModelProto:
    """Patches and a class token, whose vector is projected."""
    section, dimension = configuration["vision_config"], configuration["projection_dim"]
    graph = Tower(weights, section, fused)
    side, patch = section["image_size"], section["patch_size"]
    name = "vision_model.embeddings"
    patches = graph.add("Conv", ["pixels", graph.weight(f"{name}.patch_embedding.weight")], "patches",
                        kernel_shape=[patch, patch], strides=[patch, patch])
    rows = graph.add("Reshape", [patches, graph.constant("rows.shape", np.int64([0, graph.width, -1]))], "rows")
    rows = graph.add("Transpose", [rows], "patches.rows", perm=[0, 2, 1])
    batch = graph.add("Shape", ["pixels"], "batch", start=0, end=1)
    shape = graph.add("Concat", [batch, graph.constant("one.row", np.int64([1, graph.width]))], "class.shape", axis=0)
    token = graph.add("Expand", [graph.weight(f"{name}.class_embedding"), shape], "class")
    tokens = graph.add("Concat", [token, rows], "tokens", axis=1)
    x = graph.add("Add", [tokens, graph.weight(f"{name}.position_embedding.weight")], "placed")
    x = graph.encoded(graph.normalised(x, "vision_model.pre_layrnorm", graph.epsilon), "vision_model")
    x = graph.add("Gather", [x, graph.constant("first", np.int64(0))], "class.encoded", axis=1)
    x = graph.normalised(x, "vision_model.post_layernorm", graph.epsilon)
    graph.add("MatMul", [x, graph.weight("visual_projection.weight", transposed=True)], "embeddings")
    return graph.model("clip-image",
                       [helper.make_tensor_value_info("pixels", TensorProto.FLOAT, ["B", 3, side, side])],
                       [helper.make_tensor_value_info("embeddings", TensorProto.FLOAT, ["B", dimension])])


def text_tower(weights: dict[str, np.ndarray], configuration: dict, fused: bool) -> onnx.ModelProto:
    """Tokens that see what is before them; the vector of the last one is projected."""
    section, dimension = configuration["text_config"], configuration["projection_dim"]
    graph = Tower(weights, section, fused)
    name = "text_model.embeddings"
    tokens = graph.add("Gather", [graph.weight(f"{name}.token_embedding.weight"), "input_ids"], "tokens")
    length = graph.add("Shape", ["input_ids"], "length", start=1, end=2)
    start = graph.constant("start", np.int64([0]))
    table = graph.weight(f"{name}.position_embedding.weight")
    x = graph.add("Add", [tokens, graph.add("Slice", [table, start, length], "positions")], "placed")
    # ONNX Runtime's attention masks by itself, but has to be told that it should.
    mask = "mask"
    if not fused:
        context = section["max_position_embeddings"]
        hidden = np.triu(np.full((context, context), np.finfo(np.float32).min, np.float32), 1)
        ends = graph.add("Concat", [length, length], "mask.ends", axis=0)
        starts = graph.constant("mask.starts", np.int64([0, 0]))
        mask = graph.add("Slice", [graph.constant("mask.whole", hidden), starts, ends], mask)
    x = graph.normalised(graph.encoded(x, "text_model", mask), "text_model.final_layer_norm", graph.epsilon)
    last = graph.add("ArgMax", ["input_ids"], "last", axis=1, keepdims=1)
    x = graph.add("GatherND", [x, last], "pooled", batch_dims=1)
    graph.add("MatMul", [x, graph.weight("text_projection.weight", transposed=True)], "embeddings")
    return graph.model("clip-text", [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["B", "S"])],
                       [helper.make_tensor_value_info("embeddings", TensorProto.FLOAT, ["B", dimension])])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, required=True, help="the model's folder")
    parser.add_argument("--output", type=Path, required=True, help="the folder to write into")
    arguments = parser.parse_args()
    arguments.output.mkdir(parents=True, exist_ok=True)
    weights = load_file(arguments.model / "model.safetensors")
    configuration = json.loads((arguments.model / "config.json").read_text("utf-8"))
    for name, tower in (("clip-image", image_tower), ("clip-text", text_tower)):
        onnx.save(tower(weights, configuration, fused=False), arguments.output / f"{name}.onnx")
        onnx.save(tower(weights, configuration, fused=True), arguments.output / f"{name}-fused.onnx")


if __name__ == "__main__":
    main()
