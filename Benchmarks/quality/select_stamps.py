"""Lists the photographs among Tux Paint's stamps, with their descriptions and the ImageNet classes these name.

The stamps come from the Debian package `tuxpaint-stamps-default` (2022.06.04-1; GPL-2, installed, never copied
here). A stamp counts as a photograph when it is a described colour PNG, outside the folders of drawings, with at
least 230 distinct opaque colours and at most 40 % of horizontally neighbouring opaque pixels exactly equal
(drawings have flat areas). A description names a class when its first noun phrase ends with one of the class's
lemmas ("A yellow lemon." but not "A cricket ball."), the longest if several do; homonyms that the pictures do not
show are listed below.

Needs: numpy 2.4.6, pillow 13.0.0.
Run:   python select_stamps.py --stamps /usr/share/tuxpaint/stamps \
           --classes ../../Sources/GlimpseModels/Resources/imagenet1k.tsv --output stamps.tsv
"""

import argparse
import re
from pathlib import Path

import numpy as np
from PIL import Image

DRAWING_FOLDERS = {"cartoon", "symbols", "flags", "roadsigns", "hats", "easter", "hanukkah"}
MINIMUM_COLOURS = 230
MAXIMUM_EQUAL_NEIGHBOURS = 0.40

# Words that name a class, but not in the sense of these pictures: the class index that is not meant.
HOMONYMS = {"mouse": 673, "crane": 517, "cup": 968}  # the computer's, the machine, of tea

# What may stand before the noun phrase, and what ends it.
PARTITIVES = re.compile(r"^(an?|the|some) (pair|head|bunch|string|quarter|plant) of ")
AFTER_THE_NOUN = re.compile(r" (of|with|that|which|lets|to|in|at|from|also|is|covered|used|making|resembles|means)\b.*")


def is_photograph(path: Path) -> bool:
    """Whether the statistics of the opaque pixels are a photograph's."""
    image = Image.open(path)
    if image.mode not in ("RGB", "RGBA", "P"):
        return False
    pixels = np.asarray(image.convert("RGBA")).astype(np.int64)
    opaque = pixels[..., 3] >= 250
    if not opaque.any():
        return False
    packed = (pixels[..., 0] << 16) | (pixels[..., 1] << 8) | pixels[..., 2]
    neighbours = opaque[:, 1:] & opaque[:, :-1]
    equal = ((packed[:, 1:] == packed[:, :-1]) & neighbours).sum() / max(neighbours.sum(), 1)
    return len(np.unique(packed[opaque])) >= MINIMUM_COLOURS and equal <= MAXIMUM_EQUAL_NEIGHBOURS


def normalised(text: str) -> list[str]:
    """Lower-case words without punctuation: "A “Stop” sign." becomes [a, stop, sign]."""
    return re.sub(r"[^\w' ]+", " ", text.lower().replace("’", "'").replace("-", " ")).replace("'", "").split()


def read_classes(path: Path) -> dict[tuple[str, ...], list[int]]:
    """Class indices by the words of a lemma."""
    by_phrase: dict[tuple[str, ...], list[int]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        index, _, lemmas, *_ = line.split("\t")
        for lemma in lemmas.split("|"):
            indices = by_phrase.setdefault(tuple(normalised(lemma)), [])
            if int(index) not in indices:
                indices.append(int(index))
    return by_phrase


def named_classes(description: str, by_phrase: dict[tuple[str, ...], list[int]]) -> list[int]:
    """The classes of the longest lemma that ends the description's first noun phrase: "A lit candle." names candle."""
    phrase = " ".join(normalised(re.split(r"[.!?—(;]|, ", description)[0]))
    words = AFTER_THE_NOUN.sub("", PARTITIVES.sub("", phrase)).split()
    for start in range(len(words)):
        tail = words[start:]
        indices = [index for index in by_phrase.get(tuple(tail), []) if index != HOMONYMS.get(" ".join(tail))]
        if indices:
            return indices
    return []


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--stamps", type=Path, required=True, help="the folder with the stamps")
    parser.add_argument("--classes", type=Path, required=True, help="imagenet1k.tsv")
    parser.add_argument("--output", type=Path, required=True, help="the list to write")
    arguments = parser.parse_args()
    by_phrase = read_classes(arguments.classes)
    rows = []
    for path in sorted(arguments.stamps.rglob("*.png")):
        relative = path.relative_to(arguments.stamps)
        text = path.with_suffix(".txt")
        if DRAWING_FOLDERS.intersection(relative.parts) or not text.exists() or not is_photograph(path):
            continue
        with text.open(encoding="utf-8") as lines:
            description = lines.readline().strip()
        if description:
            rows.append((relative.as_posix(), description, named_classes(description, by_phrase)))
    with arguments.output.open("w", encoding="utf-8") as output:
        output.write("# path\tdescription\tImageNet classes that the description names (|)\n")
        for relative, description, indices in rows:
            output.write(f"{relative}\t{description}\t{'|'.join(map(str, indices))}\n")
    named = sum(1 for row in rows if row[2])
    print(f"{len(rows)} photographs, {named} of them name a class")


if __name__ == "__main__":
    main()
