"""Runs networks on request, so that a benchmark can interleave them with its own runs, one process each.

Reads one JSON object a line from standard input and answers each with one line of JSON. First a case is loaded, by a
name that the caller chooses, run once, and answered with the vectors that the model makes of the network's outputs:

    {"load": "a", "family": "clip", "network": "clip-image.onnx", "pictures": "<base64 of [B, 224, 224, 3] bytes>"}
    {"load": "b", "family": "lite", "network": "minilm.onnx", "tokens": [[101, 4937, 102]], "length": 128}
    {"load": "c", "family": "clip", "network": "clip-vit-b-32", "names": ["cat"], "templates": ["a photo of a {}."]}
    {"vectors": [[0.0311, …]], "runtime": "ONNX Runtime 1.32.0"}

`length` pads the tokens, as users' own tokenizers do; without it a text is as long as it is, and all texts of a case
are equally long. Then a case is timed, as often as wanted, and dropped:

    {"time": "a", "runs": 5}
    {"seconds": [0.0101, …]}
    {"drop": "a"}
    {}

A request that fails is answered with {"error": "…"}. The process ends with its input.

Needs: requirements.txt, and for PyTorch requirements-full.txt.
Run:   python time_peer.py --runtime onnxruntime --lite FOLDER --clip FOLDER [--threads 2]
"""

import argparse
import base64
import json
import sys
import time
from pathlib import Path

import numpy as np

from families import Clip, Lite
from runtimes import RUNTIMES, Run

SIDE = 224


class Peer:
    """The cases that are loaded, each a function that runs it once."""

    def __init__(self, runtime: str, families: dict[str, Clip | Lite], threads: int) -> None:
        self.runtime = RUNTIMES[runtime](threads)
        self.families = families
        self.cases: dict[str, Run] = {}

    def answer(self, request: dict) -> dict:
        """Does what is asked."""
        if "load" in request:
            return self.load(request)
        if "time" in request:
            return self.time(self.cases[request["time"]], request["runs"])
        del self.cases[request["drop"]]
        return {}

    def load(self, request: dict) -> dict:
        """Keeps a case and runs it once."""
        family, network = self.families[request["family"]], Path(request["network"])
        if "pictures" in request:
            pixels = np.frombuffer(base64.b64decode(request["pictures"]), np.uint8).reshape(-1, SIDE, SIDE, 3)
            run = self.runtime.load(network, family.image_inputs(pixels))
            vectors = family.image_vectors(*run())
        elif "tokens" in request:
            run = self.runtime.load(network, family.text_inputs(request["tokens"], request.get("length")))
            vectors = family.text_vectors(*run())
        else:
            run = self.runtime.load_head(network, request["names"], request["templates"])
            (vectors,) = run()
        self.cases[request["load"]] = run
        return {"vectors": vectors.tolist(), "runtime": self.runtime.name}

    def time(self, run: Run, count: int) -> dict:
        """Seconds of each run."""
        seconds = []
        for _ in range(count):
            start = time.perf_counter()
            run()
            seconds.append(time.perf_counter() - start)
        return {"seconds": seconds}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runtime", choices=RUNTIMES, required=True)
    parser.add_argument("--lite", type=Path, required=True, help="the folder of the lite model")
    parser.add_argument("--clip", type=Path, required=True, help="the folder of the CLIP model")
    parser.add_argument("--threads", type=int, default=2, help="threads inside an operator")
    arguments = parser.parse_args()
    families = {"lite": Lite(arguments.lite), "clip": Clip(arguments.clip)}
    peer = Peer(arguments.runtime, families, arguments.threads)
    for line in sys.stdin:
        try:
            answer = peer.answer(json.loads(line))
        except Exception as error:  # the driver decides what a failed request means; the process goes on
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
