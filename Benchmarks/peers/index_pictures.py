"""Indexes a folder of pictures as rclip does: Pillow decodes and resizes, ONNX Runtime embeds batches of 8, SQLite keeps
the vectors. Without rclip's progress and lists of what was deleted, so it does less.

Needs: requirements.txt.
Run:   python index_pictures.py --network clip-image.onnx --model FOLDER --pictures FOLDER --database FILE [--decoders 1]
"""

import argparse
import os
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnxruntime
from PIL import Image

from families import Clip, unit

BATCH = 8
SIDE = 224
EXTENSIONS = (".jpg", ".jpeg", ".png")


def decoded(path: str) -> np.ndarray:
    """The middle of a picture whose shorter side is made 224 pixels long: [224, 224, 3] bytes."""
    with Image.open(path) as file:
        picture = file.convert("RGB")
    width, height = picture.size
    if width < height:
        size = SIDE, int(height * SIDE / width)
    else:
        size = int(width * SIDE / height), SIDE
    picture = picture.resize(size, Image.Resampling.BICUBIC)
    left, top = round((size[0] - SIDE) / 2), round((size[1] - SIDE) / 2)
    return np.asarray(picture.crop((left, top, left + SIDE, top + SIDE)))


def pictures_in(folder: Path) -> list[os.DirEntry]:
    """The pictures of a folder, by name."""
    with os.scandir(folder) as entries:
        return sorted((entry for entry in entries if entry.name.lower().endswith(EXTENSIONS)), key=lambda it: it.name)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--network", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True, help="the folder of the CLIP model")
    parser.add_argument("--pictures", type=Path, required=True)
    parser.add_argument("--database", type=Path, required=True, help="the file to write")
    parser.add_argument("--decoders", type=int, default=1, help="threads that decode; rclip has one")
    arguments = parser.parse_args()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = os.cpu_count() or 1
    session = onnxruntime.InferenceSession(arguments.network, options, providers=["CPUExecutionProvider"])
    family = Clip(arguments.model)
    database = sqlite3.connect(arguments.database)
    database.execute("CREATE TABLE images (path TEXT PRIMARY KEY, modified REAL, size INTEGER, vector BLOB)")
    entries = pictures_in(arguments.pictures)
    with ThreadPoolExecutor(arguments.decoders) as pool:
        decode = pool.map if arguments.decoders > 1 else map
        for start in range(0, len(entries), BATCH):
            batch = entries[start:start + BATCH]
            pixels = np.stack(list(decode(decoded, [entry.path for entry in batch])))
            vectors = unit(session.run(None, family.image_inputs(pixels))[0])
            for entry, vector in zip(batch, vectors):
                status = entry.stat()
                database.execute("INSERT INTO images VALUES (?, ?, ?, ?)",
                                 (entry.path, status.st_mtime, status.st_size, vector.tobytes()))
    database.commit()
    database.close()


if __name__ == "__main__":
    main()
