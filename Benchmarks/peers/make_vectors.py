"""Makes vectors of length 1 to search among: `vectors.f32`, [count, dimension] of 32-bit floats, and `paths.txt`, which
names an empty file for each, because `glimpse search` leaves out pictures that are gone.

The directions are random: how long a search takes does not depend on them.

Needs: requirements.txt.
Run:   python make_vectors.py --output FOLDER [--count 10000] [--dimension 512]
"""

import argparse
from pathlib import Path

import numpy as np

SEED = 10


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, required=True, help="the folder to write into")
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--dimension", type=int, default=512)
    arguments = parser.parse_args()
    arguments.output.mkdir(parents=True, exist_ok=True)
    vectors = np.random.default_rng(SEED).standard_normal((arguments.count, arguments.dimension), np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors.astype("<f4").tofile(arguments.output / "vectors.f32")
    pictures = arguments.output.resolve() / "pictures"
    pictures.mkdir(exist_ok=True)
    paths = [pictures / f"{index:05}.jpg" for index in range(arguments.count)]
    for path in paths:
        path.touch()
    (arguments.output / "paths.txt").write_text("".join(f"{path}\n" for path in paths), "utf-8")


if __name__ == "__main__":
    main()
