"""Makes pictures as large as a telephone's, of the sample photographs: 4000 × 3000 pixels, JPEG at quality 90.

Enlarged photographs are smooth, and would be decoded faster than a camera's: they get grain. Each is another cut and
another brightness, some are mirrored; the same numbers are drawn at every run.

Needs: requirements.txt.
Run:   python make_pictures.py --samples ../../.build/samples --output FOLDER [--count 24]
"""

import argparse
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

WIDTH, HEIGHT = 4000, 3000
QUALITY = 90
GRAIN = 4
SEED = 12


def varied(sample: Image.Image, generator: np.random.Generator) -> Image.Image:
    """A cut of the sample, enlarged, with grain."""
    width, height = sample.size
    # The largest cut of the right proportions, and of it between 0.7 and 1.
    scale = min(width / WIDTH, height / HEIGHT) * generator.uniform(0.7, 1)
    cut = WIDTH * scale, HEIGHT * scale
    left, top = generator.uniform(0, width - cut[0]), generator.uniform(0, height - cut[1])
    box = left, top, left + cut[0], top + cut[1]
    picture = sample.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC, box)
    if generator.random() < 0.5:
        picture = ImageOps.mirror(picture)
    pixels = np.asarray(picture, np.float32) * np.float32(generator.uniform(0.7, 1.1))
    pixels += generator.standard_normal((HEIGHT, WIDTH, 1), np.float32) * GRAIN
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--samples", type=Path, required=True, help="the folder of photographs")
    parser.add_argument("--output", type=Path, required=True, help="the folder to write into")
    parser.add_argument("--count", type=int, default=24)
    arguments = parser.parse_args()
    arguments.output.mkdir(parents=True, exist_ok=True)
    samples = sorted(path for path in arguments.samples.iterdir() if path.suffix in (".jpg", ".png"))
    generator = np.random.default_rng(SEED)
    for index in range(arguments.count):
        path = samples[index % len(samples)]
        with Image.open(path) as sample:
            picture = varied(sample.convert("RGB"), generator)
        picture.save(arguments.output / f"{index:02}-{path.stem}.jpg", quality=QUALITY)


if __name__ == "__main__":
    main()
