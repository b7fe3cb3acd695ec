"""Writes reference vectors of a model, computed by the library it comes from, for `glimpse models verify --reference`.

    python make-reference.py transformers openai/clip-vit-base-patch32 > reference.json
    python make-reference.py open_clip ViT-B-32 --pretrained laion2b_s34b_b79k > reference.json
    python make-reference.py lite ~/.local/share/glimpse/models/lite --onnx .build/peers/models > reference.json

The picture is the test card that `Pixels.testCard` draws: 320 by 240 pixels, red from left to right, green from top to
bottom, blue in squares of 16. So the vectors prove resizing and normalising too, and the texts the tokenizer.

`transformers` and `open_clip` need torch and that package; `lite` needs onnxruntime, tokenizers, safetensors and the two
towers as `make bench` writes them. All need numpy and pillow.
"""

import argparse
import base64
import json
import sys
from importlib.metadata import version

import numpy as np
from PIL import Image

TEXTS = ["a photo of a cat", "Two dogs run on the beach, and it's 7 o'clock!", "das rote Haus am See"]


def test_card() -> Image.Image:
    width, height = 320, 240
    y, x = np.mgrid[:height, :width]
    squares = (x // 16 + y // 16) % 2 * 255
    card = np.stack([255 * x // (width - 1), 255 * y // (height - 1), squares], axis=-1)
    return Image.fromarray(card.astype(np.uint8))


def from_transformers(arguments: argparse.Namespace) -> tuple[np.ndarray, np.ndarray, list[str]]:
    import torch
    from transformers import AutoModel, AutoProcessor

    model = AutoModel.from_pretrained(arguments.model, dtype=torch.float32).eval()
    processor = AutoProcessor.from_pretrained(arguments.model, use_fast=False)
    # SigLIP was trained with texts padded to the whole context, and SigLIP 2, which has Gemma's tokenizer, in lower case.
    padding = "max_length" if model.config.model_type.startswith("siglip") else True
    texts = [text.lower() for text in TEXTS] if "Gemma" in type(processor.tokenizer).__name__ else TEXTS
    inputs = processor(text=texts, images=[test_card()], return_tensors="pt", padding=padding, truncation=True)
    with torch.no_grad():
        outputs = model(**inputs)
    return outputs.image_embeds.numpy(), outputs.text_embeds.numpy(), ["transformers", "torch"]


def from_open_clip(arguments: argparse.Namespace) -> tuple[np.ndarray, np.ndarray, list[str]]:
    import open_clip
    import torch

    model, _, preprocess = open_clip.create_model_and_transforms(arguments.model, pretrained=arguments.pretrained)
    model.eval()
    with torch.no_grad():
        picture = model.encode_image(preprocess(test_card())[None])
        texts = model.encode_text(open_clip.get_tokenizer(arguments.model)(TEXTS))
    return picture.float().numpy(), texts.float().numpy(), ["open_clip_torch", "torch"]


def from_lite(arguments: argparse.Namespace) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """The towers by ONNX Runtime, the rest by the recipe in docs/guides/models.md."""
    import onnxruntime
    from safetensors import safe_open
    from tokenizers import Tokenizer

    with safe_open(f"{arguments.model}/model.safetensors", "numpy") as file:
        classes, center, appearance = (
            file.get_tensor(f"concepts.{name}") for name in ("class_vectors", "center", "appearance.weight"))
    with open(f"{arguments.model}/config.json") as file:
        top_classes = json.load(file)["concepts"]["top_classes"]

    image = onnxruntime.InferenceSession(f"{arguments.onnx}/efficientnet_lite0.onnx")
    squashed = test_card().resize((224, 224), Image.Resampling.BICUBIC)
    pixels = (np.asarray(squashed, np.float32).transpose(2, 0, 1)[None] - 127) / 128
    logits, pooled = image.run(["logits", "pooled"], {"pixels": pixels})
    probabilities = np.exp(logits[0] - logits[0].max())
    best = np.argsort(-probabilities)[:top_classes]
    words, looks = probabilities[best] @ classes[best], appearance @ pooled[0]

    text = onnxruntime.InferenceSession(f"{arguments.onnx}/minilm.onnx")
    tokenizer = Tokenizer.from_file(f"{arguments.model}/tokenizer.json")
    tokenizer.no_padding()
    sentences = []
    for ids in (encoding.ids for encoding in tokenizer.encode_batch(TEXTS)):
        inputs = {"input_ids": np.array([ids]), "attention_mask": np.ones((1, len(ids)), np.int64)}
        sentences.append(text.run(["embeddings"], inputs)[0][0])
    seen = unit(unit(np.array(sentences)) - center)
    texts = np.concatenate([seen, np.zeros((len(TEXTS), len(appearance)))], axis=1)
    return np.concatenate([unit(words), unit(looks)])[None], texts, ["onnxruntime"]


def unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)


def encoded(vector: np.ndarray) -> str:
    return base64.b64encode(unit(vector.astype(np.float64)).astype("<f4").tobytes()).decode()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    kinds = parser.add_subparsers(required=True)
    for name, compute in (("transformers", from_transformers), ("open_clip", from_open_clip), ("lite", from_lite)):
        kind = kinds.add_parser(name)
        kind.add_argument("model")
        kind.set_defaults(compute=compute)
        if name == "open_clip":
            kind.add_argument("--pretrained")
        if name == "lite":
            kind.add_argument("--onnx", required=True)
    arguments = parser.parse_args()
    picture, texts, packages = arguments.compute(arguments)
    reference = {
        "madeWith": ", ".join(f"{package} {version(package)}" for package in packages),
        "testCard": encoded(picture[0]),
        "texts": [{"text": text, "embedding": encoded(vector)} for text, vector in zip(TEXTS, texts)],
    }
    json.dump(reference, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
