"""A transformer as ONNX in the making: what the writers of networks share."""

import numpy as np
import onnx
from onnx import helper, numpy_helper

# Versions that every runtime measured here reads.
OPSET, IR_VERSION = 20, 9
RUNTIME_DOMAIN = "com.microsoft"


class Graph:
    """Nodes and weights of a graph, which are written as they are added."""

    def __init__(self, weights: dict[str, np.ndarray]) -> None:
        self.weights = weights
        self.nodes: list[onnx.NodeProto] = []
        self.initializers: dict[str, onnx.TensorProto] = {}

    def constant(self, name: str, value: np.ndarray) -> str:
        """Stores an array under a name, once."""
        if name not in self.initializers:
            self.initializers[name] = numpy_helper.from_array(np.asarray(value, order="C"), name)
        return name

    def weight(self, name: str, transposed: bool = False) -> str:
        """Stores a weight of the checkpoint, transposed for x W if wanted."""
        value = self.weights[name]
        return self.constant(name, value.T if transposed else value)

    def add(self, operator: str, inputs: list[str], output: str, domain: str = "", **attributes: object) -> str:
        """Appends a node and returns the name of its output."""
        self.nodes.append(helper.make_node(operator, inputs, [output], output, domain=domain, **attributes))
        return output

    def linear(self, x: str, name: str) -> str:
        """x W + b"""
        product = self.add("MatMul", [x, self.weight(f"{name}.weight", transposed=True)], f"{name}.product")
        return self.add("Add", [product, self.weight(f"{name}.bias")], f"{name}.output")

    def packed_projections(self, parts: list[str], name: str) -> tuple[str, str]:
        """The weights [D, 3D] and biases [3D] of queries, keys and values beside each other."""
        weights = np.concatenate([self.weights[f"{part}.weight"].T for part in parts], 1)
        biases = np.concatenate([self.weights[f"{part}.bias"] for part in parts])
        return self.constant(f"{name}.weight", weights), self.constant(f"{name}.bias", biases)

    def normalised(self, x: str, name: str, epsilon: float) -> str:
        """LayerNorm(x)"""
        return self.add("LayerNormalization", [x, self.weight(f"{name}.weight"), self.weight(f"{name}.bias")],
                        f"{name}.output", axis=-1, epsilon=epsilon)

    def model(self, name: str, inputs: list[onnx.ValueInfoProto],
              outputs: list[onnx.ValueInfoProto]) -> onnx.ModelProto:
        """The finished network, checked as far as its operators are ONNX's own."""
        described = helper.make_graph(self.nodes, name, inputs, outputs, list(self.initializers.values()))
        fused = any(node.domain == RUNTIME_DOMAIN for node in self.nodes)
        domains = [helper.make_opsetid("", OPSET)] + ([helper.make_opsetid(RUNTIME_DOMAIN, 1)] if fused else [])
        model = helper.make_model(described, opset_imports=domains, ir_version=IR_VERSION)
        if not fused:  # the checker does not know ONNX Runtime's operators
            onnx.checker.check_model(model, full_check=True)
        return model
