"""Measures what the installed `lite` model is worth, through the program, on Tux Paint's photographs.

Prints zero-shot accuracy over the 1,000 names of ImageNet's classes, how often texts find their pictures, how well the
probabilities of `classify` say how often it is right, and whether copies of a picture are nearest to it.

Needs: requirements.txt; a list by select_stamps.py.
Run:   python measure.py --glimpse ../../.build/release/glimpse --stamps /usr/share/tuxpaint/stamps \
           --classes ../../Sources/GlimpseModels/Resources/imagenet1k.tsv --list stamps.tsv
"""

import argparse
import io
import json
import subprocess
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image

TEMPLATE = "a photo of a {}"
LOGIT_SCALE = 20.0  # of the model's config.json
APPEARANCE_DIMENSION = 128


class Glimpse:
    """The program."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def embed(self, kind: str, inputs: list[str]) -> np.ndarray:
        """Vectors of length 1, [N, D]; `kind` is text or image."""
        with tempfile.TemporaryDirectory() as folder:
            output = Path(folder) / "vectors.npy"
            subprocess.run([self.path, "embed", f"--{kind}", "--output", output], input="\n".join(inputs), text=True,
                           check=True)
            return np.load(output)

    def classify(self, paths: list[Path], templates: str, top: int) -> list[list[str]]:
        """The names of the `top` most probable of ImageNet's classes, for each picture."""
        output = subprocess.run([self.path, "classify", *paths, "--labels", "imagenet", "--templates", templates,
                                 "--top", str(top), "--format", "jsonl"],
                                stdout=subprocess.PIPE, text=True, check=True).stdout
        found = {entry["path"]: [label["label"] for label in entry["labels"]]
                 for entry in map(json.loads, output.splitlines())}
        return [found[str(path)] for path in paths]


def read_names(path: Path) -> list[str]:
    """The first name of each class."""
    lines = path.read_text("utf-8").splitlines()
    return [line.split("\t")[2].split("|")[0] for line in lines if not line.startswith("#")]


def print_accuracy(glimpse: Glimpse, paths: list[Path], right: list[set[str]]) -> None:
    """Zero-shot accuracy over all of ImageNet's names, by sets of templates."""
    print(f"zero-shot by name, 1,000 labels, {len(paths)} pictures:")
    for templates in ("simple", "plain", "photo"):
        found = glimpse.classify(paths, templates, 5)
        first = np.mean([names[0] in wanted for names, wanted in zip(found, right)])
        five = np.mean([not wanted.isdisjoint(names) for names, wanted in zip(found, right)])
        print(f"  {templates:8} top-1 {first:.3f} top-5 {five:.3f}")


def print_recall(glimpse: Glimpse, vectors: np.ndarray, described: list[str]) -> None:
    """How often a description finds a picture that has it."""
    descriptions = sorted(set(described))
    order = (-glimpse.embed("text", descriptions) @ vectors.T).argsort(1)
    ranks = np.array([next(rank for rank, index in enumerate(found, 1) if described[index] == description)
                      for description, found in zip(descriptions, order)])
    print(f"text to image, {len(descriptions)} descriptions, {len(vectors)} pictures: R@1 {(ranks <= 1).mean():.3f} "
          f"R@10 {(ranks <= 10).mean():.3f} MRR {(1 / ranks).mean():.3f}")


def print_calibration(scores: np.ndarray, right: list[list[int]]) -> None:
    """Accuracy beside the mean probability of the first label: `scores` [N, 1000] are cosines."""
    random = np.random.default_rng(0)
    print("a right label against random other labels (accuracy, mean probability of the first):")
    for count in (10, 100):
        confidence, correct = [], []
        for row, wanted in zip(scores, right):
            others = np.setdiff1d(np.arange(scores.shape[1]), wanted)
            for _ in range(20):
                chosen = np.r_[wanted[0], random.choice(others, count - 1, replace=False)]
                weights = np.exp(LOGIT_SCALE * (row[chosen] - row[chosen].max()))
                confidence.append(1 / weights.sum())
                correct.append(weights.argmax() == 0)
        print(f"  {count:4} labels: {np.mean(correct):.3f} {np.mean(confidence):.3f}")


def flattened(path: Path) -> Image.Image:
    """The picture on white."""
    image = Image.open(path).convert("RGBA")
    ground = Image.new("RGBA", image.size, "white")
    ground.alpha_composite(image)
    return ground.convert("RGB")


def copies(image: Image.Image) -> dict[str, Image.Image]:
    """What happens to pictures that are passed on."""
    width, height = image.size
    compressed = io.BytesIO()
    image.save(compressed, "JPEG", quality=40)
    return {
        "5 % cropped": image.crop((int(width * 0.05), int(height * 0.05), int(width * 0.95), int(height * 0.95))),
        "JPEG quality 40": Image.open(compressed).convert("RGB"),
        "half the size": image.resize((max(width // 2, 8), max(height // 2, 8)), Image.Resampling.BICUBIC),
        "0.8 as bright": image.point(lambda value: int(value * 0.8)),
        "mirrored": image.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
    }


def print_copies(glimpse: Glimpse, vectors: np.ndarray, paths: list[Path]) -> None:
    """How often the nearest picture to a changed copy is its original."""
    print("a copy is nearest to its original (whole vector, its appearance alone):")
    with tempfile.TemporaryDirectory() as folder:
        files: dict[str, list[str]] = {}
        for index, path in enumerate(paths):
            for change, copy in copies(flattened(path)).items():
                file = f"{folder}/{index} {change.replace(' %', '')}.png"
                copy.save(file)
                files.setdefault(change, []).append(file)
        for change, changed in files.items():
            found = glimpse.embed("image", changed)
            shares = [np.mean((found[:, part] @ vectors[:, part].T).argmax(1) == np.arange(len(paths)))
                      for part in (slice(None), slice(-APPEARANCE_DIMENSION, None))]
            print(f"  {change:16} {shares[0]:.3f} {shares[1]:.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("--glimpse", "--stamps", "--classes", "--list"):
        parser.add_argument(name, type=Path, required=True)
    arguments = parser.parse_args()
    glimpse, names = Glimpse(arguments.glimpse.resolve()), read_names(arguments.classes)
    rows = [line.split("\t") for line in arguments.list.read_text("utf-8").splitlines() if not line.startswith("#")]
    paths = [arguments.stamps.resolve() / row[0] for row in rows]
    named = [index for index, row in enumerate(rows) if row[2]]
    right = [[int(index) for index in rows[row][2].split("|")] for row in named]

    print_accuracy(glimpse, [paths[row] for row in named], [{names[index] for index in indices} for indices in right])
    vectors = glimpse.embed("image", list(map(str, paths)))
    print_recall(glimpse, vectors, [row[1] for row in rows])
    labels = glimpse.embed("text", [TEMPLATE.format(name) for name in names])
    print_calibration(vectors[named] @ labels.T, right)
    print_copies(glimpse, vectors, paths)


if __name__ == "__main__":
    main()
