"""Counts the instructions of embedding one text and one picture on one thread, which is the same from run to run and does
not depend on what else the machine does.

valgrind runs the program twice, with the work done once and twice: the difference is the work without loading. A line of
JSON an input is appended to the results.

Needs: valgrind, and strip of binutils, because older valgrinds cannot read Swift's debugging information.
Run:   python count_instructions.py --program CompareWithPeers --model FOLDER --results FILE
"""

import argparse
import json
import os
import re
import subprocess
import tempfile
from pathlib import Path

INPUTS = {"text": "CLIP ViT-B/32, text of 7 tokens", "picture": "CLIP ViT-B/32, picture"}


def instructions(program: Path, model: Path, what: str, times: int) -> int:
    """Of the whole process."""
    command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", str(program), "embed-repeatedly", what,
               "--model", str(model), "--times", str(times)]
    # Swift's hashing is seeded anew in every process otherwise.
    environment = os.environ | {"SWIFT_DETERMINISTIC_HASHING": "1"}
    messages = subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stderr
    found = re.search(r"Collected : (\d+)", messages)
    if not found:
        raise SystemExit(f"valgrind printed no count:\n{messages}")
    return int(found[1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True, help="the folder of the CLIP model")
    parser.add_argument("--results", type=Path, required=True, help="the file to append to")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        program = Path(scratch) / arguments.program.name
        subprocess.run(["strip", "--strip-debug", "-o", program, arguments.program], check=True)
        for what, name in INPUTS.items():
            once, twice = (instructions(program, arguments.model, what, times) for times in (1, 2))
            with arguments.results.open("a", encoding="utf-8") as results:
                results.write(json.dumps({"instructions_of": name, "precision": "f32", "once": twice - once,
                                          "with_loading": once}) + "\n")


if __name__ == "__main__":
    main()
