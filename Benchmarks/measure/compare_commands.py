"""Runs glimpse and Python scripts that do the same, as whole processes in turns, from a user's point of view.

Two workloads: a folder of pictures becomes a library of vectors, and a search is answered from the start of the process
on. First it checks that both sides give the same vectors and the same answers. A line of JSON a workload is appended to
the results: the seconds of every run, of which the first, to warm up, is left out, how many cores were busy, and the peak
of memory.

Needs: peers/requirements.txt; everything else is made by bench.sh.
Run:   python compare_commands.py --glimpse FILE --peers FOLDER --results FILE [--only NAME] [--options "--decode fast"]
"""

import argparse
import json
import os
import shlex
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np

import machine

SCRIPTS = Path(__file__).resolve().parent.parent / "peers"
LOWEST_COSINE = 0.9999
# What options make faster may cost a little.
LOWEST_COSINE_OPTIONS = 0.99
QUERY = "a photo of a cat"
# ru_maxrss is in bytes on macOS, in kilobytes elsewhere.
MEMORY_UNIT = 1 if sys.platform == "darwin" else 1024


@dataclass
class Outcome:
    """What a process took, and what it printed."""

    seconds: float
    cores: float  # kept busy, on average
    peak_bytes: int
    output: str


@dataclass
class Command:
    """A process, and what has to be done before it starts."""

    name: str
    arguments: list[str]
    prepare: Callable[[], None] = lambda: None

    def run(self) -> Outcome:
        """Runs it to its end."""
        self.prepare()
        with tempfile.TemporaryFile("w+", encoding="utf-8") as output:
            start = time.perf_counter()
            process = subprocess.Popen(self.arguments, stdin=subprocess.DEVNULL, stdout=output)
            _, status, usage = os.wait4(process.pid, 0)
            seconds = time.perf_counter() - start
            # Popen must not wait for a process that is gone.
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode != 0:
                raise SystemExit(f"{shlex.join(self.arguments)} ended with {process.returncode}")
            output.seek(0)
            return Outcome(seconds, (usage.ru_utime + usage.ru_stime) / seconds, usage.ru_maxrss * MEMORY_UNIT,
                           output.read())


@dataclass
class Workload:
    """What is compared; `agreement` runs both sides once and returns the lowest cosine."""

    name: str
    ours: Command
    peers: list[Command]
    rounds: int
    agreement: Callable[[], float]
    lowest_cosine: float = LOWEST_COSINE
    target: float | None = None  # beside the fastest peer

    def measure(self) -> dict:
        """Every side in turns: A B C, B C A, …"""
        before, cosine = machine.load(), self.agreement()
        if cosine < self.lowest_cosine:
            raise SystemExit(f"{self.name}: cosine {cosine}, expected {self.lowest_cosine}")
        sides = [self.ours, *self.peers]
        runs: dict[str, list[Outcome]] = {side.name: [] for side in sides}
        for index in range(self.rounds + 1):
            first = index % len(sides)
            for side in sides[first:] + sides[:first]:
                outcome = side.run()
                if index > 0:
                    runs[side.name].append(outcome)
        ours, *peers = ({"runtime": side.name, "seconds": [run.seconds for run in runs[side.name]],
                         "cores": median(run.cores for run in runs[side.name]),
                         "peak_bytes": max(run.peak_bytes for run in runs[side.name])} for side in sides)
        return {"workload": self.name, "precision": "f32", "threads": os.cpu_count(), "cosine": cosine, "ours": ours,
                "target": self.target, "peers": peers, "processor": machine.processor(), "load_before": before, "load_after": machine.load()}


class Setting:
    """Where everything is."""

    def __init__(self, glimpse: Path, peers: Path, scratch: Path) -> None:
        self.glimpse, self.scratch = str(glimpse), scratch
        self.peers = peers
        self.model, self.networks = str(peers / "clip-vit-b-32"), peers / "models"
        self.pictures, self.vectors = peers / "pictures", peers / "vectors"

    def folder(self, options: list[str]) -> Workload:
        """Pictures of 12 megapixels become a library."""
        library, database = self.scratch / "library", self.scratch / "images.sqlite"
        count = len(list(self.pictures.glob("*.jpg")))
        ours = Command("glimpse index", [self.glimpse, "index", str(self.pictures), "--quiet", "--model", self.model,
                                         "--library", str(library), *options],
                       lambda: shutil.rmtree(library, ignore_errors=True))
        peers = [Command(name, [sys.executable, str(SCRIPTS / "index_pictures.py"), "--model", self.model, "--network",
                                str(self.networks / "clip-image.onnx"), "--pictures", str(self.pictures), "--database",
                                str(database), "--decoders", str(decoders)],
                         lambda: database.unlink(missing_ok=True))
                 for name, decoders in (("Python, one thread decodes", 1), ("Python, all cores decode", os.cpu_count()))]

        def agreement() -> float:
            vectors = self.scratch / "vectors.npy"
            paths = sorted(map(str, self.pictures.glob("*.jpg")))
            Command("glimpse embed", [self.glimpse, "embed", "--quiet", "--image", "--model", self.model, "--output",
                                      str(vectors), *options, *paths]).run()
            peers[0].run()
            with sqlite3.connect(database) as connection:
                rows = connection.execute("SELECT vector FROM images ORDER BY path").fetchall()
            expected = np.stack([np.frombuffer(vector, np.float32) for vector, in rows])
            return float((np.load(vectors) * expected).sum(1).min())

        name = " ".join([f"{count} pictures of 12 megapixels → library", *options])
        if options:
            return Workload(name, ours, peers, 5, agreement, LOWEST_COSINE_OPTIONS)
        return Workload(name, ours, peers, 5, agreement, target=1.5)

    def search(self, halves: bool) -> Workload:
        """From the start of a process to the first answer, with weights that are floats, or were halves before."""
        kind = "-halves" if halves else ""
        model, networks = str(self.peers / f"clip-vit-b-32{kind}"), self.networks / ("halves" if halves else "")
        ours = Command("glimpse search", [self.glimpse, "search", QUERY, "--model", model, "--library",
                                          str(self.peers / f"library{kind}"), "--format", "paths", "--all"])
        peer = Command("Python", [sys.executable, str(SCRIPTS / "search_vectors.py"), "--model", model, "--network",
                                  str(networks / "clip-text.onnx"), "--vectors", str(self.vectors), QUERY])

        def agreement() -> float:
            answers = [side.run().output for side in (ours, peer)]
            if answers[0] != answers[1]:
                raise SystemExit(f"glimpse search finds\n{answers[0]}\nPython finds\n{answers[1]}")
            return 1

        count = len((self.vectors / "paths.txt").read_text("utf-8").splitlines())
        name = f"start → first answer among {count:,} vectors" + (", CLIP of halves" if halves else "")
        return Workload(name, ours, [peer], 11, agreement, target=10)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--glimpse", type=Path, required=True)
    parser.add_argument("--peers", type=Path, required=True, help="the folder that bench.sh fills")
    parser.add_argument("--results", type=Path, required=True, help="the file to append to")
    parser.add_argument("--only", default="", help="only workloads whose name has this in it")
    parser.add_argument("--options", default="", help="of glimpse index and glimpse embed, for a row of its own")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        setting = Setting(arguments.glimpse, arguments.peers, Path(scratch))
        workloads = [setting.search(False), setting.search(True), setting.folder([]), setting.folder(["--decode", "fast"])]
        if arguments.options:
            workloads.append(setting.folder(shlex.split(arguments.options)))
        for workload in workloads:
            if arguments.only in workload.name:
                result = workload.measure()
                with arguments.results.open("a", encoding="utf-8") as results:
                    results.write(json.dumps(result, ensure_ascii=False) + "\n")
                print(f"{workload.name}: done", file=sys.stderr)


if __name__ == "__main__":
    main()
