"""What runs a network: each loads one for inputs of a fixed shape, and returns a function that runs it once."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import numpy as np

from families import Inputs

Run = Callable[[], list[np.ndarray]]


class Runtime(Protocol):
    """A name with a version, and what loads networks."""

    name: str

    def load(self, network: Path, inputs: Inputs) -> Run:
        """Makes a network ready for these inputs."""


class OnnxRuntime:
    """ONNX Runtime on the processor, with all its optimisations."""

    def __init__(self, threads: int) -> None:
        import onnxruntime

        self.module = onnxruntime
        self.name = f"ONNX Runtime {onnxruntime.__version__}"
        self.options = onnxruntime.SessionOptions()
        self.options.intra_op_num_threads = threads
        self.options.inter_op_num_threads = 1
        self.options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
        # Spinning between requests would take the cores from the other side of the comparison.
        self.options.add_session_config_entry("session.force_spinning_stop", "1")

    def load(self, network: Path, inputs: Inputs) -> Run:
        """The shapes of inputs stay free."""
        session = self.module.InferenceSession(network, self.options, providers=["CPUExecutionProvider"])
        return lambda: session.run(None, inputs)


class OpenVino:
    """OpenVINO on the processor, in single precision, for one request at a time."""

    def __init__(self, threads: int) -> None:
        import openvino

        self.name = f"OpenVINO {openvino.__version__.split('-')[0]}"
        self.core = openvino.Core()
        self.settings = {"INFERENCE_NUM_THREADS": threads, "NUM_STREAMS": 1, "PERFORMANCE_HINT": "LATENCY",
                         "INFERENCE_PRECISION_HINT": "f32"}

    def load(self, network: Path, inputs: Inputs) -> Run:
        """The network is compiled for the shapes of the inputs, which is faster than leaving them free."""
        model = self.core.read_model(network)
        model.reshape({name: list(value.shape) for name, value in inputs.items()})
        request = self.core.compile_model(model, "CPU", self.settings).create_infer_request()
        return lambda: list(request.infer(inputs, share_inputs=True, share_outputs=True).values())


def open_clip(threads: int) -> "Runtime":
    """open_clip on PyTorch."""
    from open_clip_peer import OpenClip

    return OpenClip(threads)


# Modules are imported by who uses them: not all are always installed, and each brings threads of its own.
RUNTIMES = {"onnxruntime": OnnxRuntime, "openvino": OpenVino, "open_clip": open_clip}
