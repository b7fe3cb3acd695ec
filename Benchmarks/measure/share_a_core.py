"""Measures how much is left when another process keeps one of the cores busy, with pictures and with texts.

The program embeds with a thread a core, by itself and beside a process that does nothing but count on one core, in turns.
Work that was divided for good would wait for the slower half. A line of JSON an input is appended to the results.

Needs: Linux, where a process can be bound to a core.
Run:   python share_a_core.py --program CompareWithPeers --model FOLDER --results FILE
"""

import argparse
import json
import multiprocessing
import os
import subprocess
import time
from pathlib import Path
from statistics import median

INPUTS = {"picture": ("CLIP ViT-B/32, picture", 60), "text": ("CLIP ViT-B/32, text of 7 tokens", 400)}
ROUNDS = 5


def count_on_one_core() -> None:
    """Until it is ended."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    while True:
        pass


def seconds(program: Path, model: Path, what: str, times: int) -> float:
    """Of the whole process."""
    start = time.perf_counter()
    subprocess.run([program, "embed-repeatedly", what, "--model", model, "--times", str(times), "--threads",
                    str(os.cpu_count())], check=True)
    return time.perf_counter() - start


def rate(program: Path, model: Path, what: str, times: int) -> float:
    """Inputs a second: what many take more than one is their work without loading."""
    return (times - 1) / (seconds(program, model, what, times) - seconds(program, model, what, 1))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True, help="the folder of the CLIP model")
    parser.add_argument("--results", type=Path, required=True, help="the file to append to")
    arguments = parser.parse_args()
    for what, (name, times) in INPUTS.items():
        shares = []
        for _ in range(ROUNDS):
            alone = rate(arguments.program, arguments.model, what, times)
            other = multiprocessing.Process(target=count_on_one_core, daemon=True)
            other.start()
            try:
                shares.append(rate(arguments.program, arguments.model, what, times) / alone)
            finally:
                other.terminate()
                other.join()
        with arguments.results.open("a", encoding="utf-8") as results:
            results.write(json.dumps({"one_core_busy": name, "threads": os.cpu_count(), "shares": shares,
                                      "median": median(shares), "target": 0.4}) + "\n")


if __name__ == "__main__":
    main()
