"""Measures how well copies are found: changed copies of photographs, by `glimpse duplicates` and by imagededup.

Every photograph is scaled to at most 800 pixels and changed in many ways. Both programs look for duplicates among all files
at once. Recall is how often a copy is reported together with its original; precision how many of the reported pairs, of a
group's kept file and another for Glimpse, of any two files for imagededup, are of one photograph. imagededup's perceptual
hash runs with its own threshold of 10 bits; its network's weights are a download and are left out.

Needs: requirements.txt and imagededup 0.3.3.post2; photographs, such as the samples of `make setup` and the Debian packages
mate-backgrounds and opencv-doc.
Run:   python measure_duplicates.py --glimpse ../../.build/release/glimpse --photographs FOLDER …
"""

import argparse
import json
import random
import subprocess
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageDraw, ImageEnhance, ImageFont, ImageOps

SEED = 7
LONGEST_SIDE = 800
SHORTEST_SIDE = 100
SUFFIXES = {".jpg", ".jpeg", ".png"}
Change = Callable[[Image.Image, random.Random], Image.Image]


def scale(factor: float) -> Change:
    return lambda image, _: image.resize((max(8, round(image.width * factor)), max(8, round(image.height * factor))),
                                         Image.Resampling.BICUBIC)


def crop(part: float) -> Change:
    """Takes away a part of the width and of the height, somewhere."""
    def change(image: Image.Image, rng: random.Random) -> Image.Image:
        width, height = round(image.width * (1 - part)), round(image.height * (1 - part))
        left, top = rng.randint(0, image.width - width), rng.randint(0, image.height - height)
        return image.crop((left, top, left + width, top + height))
    return change


def write_text(image: Image.Image, _: random.Random) -> Image.Image:
    layer = Image.new("RGBA", image.size)
    draw = ImageDraw.Draw(layer)
    font = ImageFont.load_default(max(12, image.width // 12))
    for line in range(3):
        draw.text((image.width * (0.05 + 0.2 * line), image.height * (0.1 + 0.3 * line)), "SAMPLE PHOTO",
                  (255, 255, 255, 128), font=font)
    return Image.alpha_composite(image.convert("RGBA"), layer).convert("RGB")


def add_logo(image: Image.Image, _: random.Random) -> Image.Image:
    image = image.copy()
    draw, side = ImageDraw.Draw(image), min(image.size) // 5
    right, bottom = image.width - 10, image.height - 10
    draw.rectangle((right - side, bottom - side, right, bottom), fill=(220, 30, 40))
    draw.ellipse((right - side + 10, bottom - side + 10, right - 10, bottom - 10), fill=(255, 255, 255))
    return image


def frame(image: Image.Image, _: random.Random) -> Image.Image:
    return ImageOps.expand(image, max(4, min(image.size) // 25), (255, 255, 255))


def letterbox(image: Image.Image, _: random.Random) -> Image.Image:
    width, height = image.size
    side = max(width, height)
    return ImageOps.pad(image, (side, side) if abs(width - height) > 20 else (width * 3 // 2, height))


def screenshot(image: Image.Image, _: random.Random) -> Image.Image:
    """On a telephone's screen, below a bar and above another."""
    width, height = 390, 844
    page = Image.new("RGB", (width, height), (250, 250, 250))
    draw = ImageDraw.Draw(page)
    draw.rectangle((0, 0, width, 44), fill=(20, 20, 20))
    draw.rectangle((0, height - 50, width, height), fill=(60, 60, 70))
    small = ImageOps.contain(image, (width, height - 120), Image.Resampling.BICUBIC)
    page.paste(small, ((width - small.width) // 2, (height - small.height) // 2))
    return page


CHANGES: dict[str, tuple[Change, int]] = {
    **{f"JPEG {quality}": (scale(1), quality) for quality in (30, 50, 70, 95)},
    **{f"resized to {percent} %": (scale(percent / 100), 90) for percent in (25, 50, 150, 200)},
    **{f"cropped by {percent} %": (crop(percent / 100), 90) for percent in (5, 10, 20, 30)},
    "text over it": (write_text, 90),
    "logo in a corner": (add_logo, 90),
    "rotated by 90°": (lambda image, _: image.transpose(Image.Transpose.ROTATE_90), 90),
    "mirrored": (lambda image, _: ImageOps.mirror(image), 90),
    "grey": (lambda image, _: image.convert("L").convert("RGB"), 90),
    "brightness 130 %": (lambda image, _: ImageEnhance.Brightness(image).enhance(1.3), 90),
    "brightness 70 %": (lambda image, _: ImageEnhance.Brightness(image).enhance(0.7), 90),
    "white frame": (frame, 90),
    "black bars": (letterbox, 90),
    "screenshot": (screenshot, 90),
}


def make_copies(folders: list[Path], output: Path) -> dict[str, tuple[int, str]]:
    """Writes originals and copies; the photograph and the change of every file."""
    rng = random.Random(SEED)
    files: dict[str, tuple[int, str]] = {}
    sources = sorted(path for folder in folders for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)
    for number, source in enumerate(sources):
        with Image.open(source) as opened:
            image = opened.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
        if min(image.size) < SHORTEST_SIDE:
            continue
        image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
        image.save(output / f"{number:04}-original.jpg", quality=96, subsampling=0)
        files[f"{number:04}-original.jpg"] = number, "original"
        for index, (name, (change, quality)) in enumerate(CHANGES.items()):
            copy = f"{number:04}-{index:02}.jpg"
            change(image, rng).save(output / copy, quality=quality)
            files[copy] = number, name
    return files


def find_with_glimpse(glimpse: Path, folder: Path, library: Path) -> list[set[str]]:
    subprocess.run([glimpse, "index", "--quiet", folder, "--library", library], check=True)
    groups = json.loads(subprocess.check_output(
        [glimpse, "duplicates", "--quiet", "--tier", "identical", "--tier", "copy", "--format", "json", "--library",
         library]))
    return [{Path(file["path"]).name for file in group["files"]} for group in groups]


def find_with_imagededup(folder: Path) -> list[set[str]]:
    from imagededup.methods import PHash

    method = PHash(verbose=False)
    found = method.find_duplicates(encoding_map=method.encode_images(image_dir=str(folder)))
    return [{file, other} for file, others in found.items() for other in others]


def measure(name: str, groups: list[set[str]], files: dict[str, tuple[int, str]], seconds: float) -> dict[str, float]:
    """Recall by change; precision is printed."""
    together = defaultdict(set)
    pairs = right = 0
    for group in groups:
        first = min(group, key=lambda file: (files[file][1] != "original", file))
        for file in group - {first}:
            pairs += 1
            right += files[file][0] == files[first][0]
        for file in group:
            together[file] |= group
    total, found = Counter(), Counter()
    for file, (number, change) in files.items():
        if change != "original":
            total[change] += 1
            found[change] += f"{number:04}-original.jpg" in together[file]
    print(f"{name}: precision {right / max(pairs, 1):.3f} of {pairs:,} pairs, {seconds:.1f} s")
    return {change: found[change] / total[change] for change in total}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--glimpse", type=Path, required=True)
    parser.add_argument("--photographs", type=Path, nargs="+", required=True, help="folders")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "pictures"
        folder.mkdir()
        files = make_copies(arguments.photographs, folder)
        print(f"{len({number for number, _ in files.values()})} photographs, {len(files):,} files")
        start = time.perf_counter()
        ours = find_with_glimpse(arguments.glimpse.resolve(), folder, Path(scratch) / "library")
        middle = time.perf_counter()
        theirs = find_with_imagededup(folder)
        end = time.perf_counter()
        recalls = [measure("glimpse duplicates (with indexing)", ours, files, middle - start),
                   measure("imagededup, pHash", theirs, files, end - middle)]
    print("\n| change | glimpse duplicates | imagededup, pHash |\n|---|---:|---:|")
    for change in CHANGES:
        print(f"| {change} | {recalls[0][change]:.2f} | {recalls[1][change]:.2f} |")


if __name__ == "__main__":
    main()
