"""What a family of models does around its networks: preparing inputs, and making vectors of outputs."""

import json
from pathlib import Path

import numpy as np
from safetensors import safe_open

Inputs = dict[str, np.ndarray]


def unit(rows: np.ndarray) -> np.ndarray:
    """Rows divided by their Euclidean norm."""
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def padded(tokens: list[list[int]], length: int | None) -> np.ndarray:
    """Ids filled up with 0 to a length: [B, length]; without one, all texts are equally long."""
    length = length or len(tokens[0])
    return np.int64([row + [0] * (length - len(row)) for row in tokens])


class Lite:
    """Glimpse's `lite`: EfficientNet-Lite0's classes as words, beside MiniLM."""

    def __init__(self, folder: Path) -> None:
        concepts = json.loads((folder / "config.json").read_text("utf-8"))["concepts"]
        self.top_classes, self.appearance_scale = concepts["top_classes"], concepts["appearance_scale"]
        with safe_open(folder / "model.safetensors", "numpy") as weights:
            self.class_vectors = weights.get_tensor("concepts.class_vectors")
            self.appearance = weights.get_tensor("concepts.appearance.weight")
            self.center = weights.get_tensor("concepts.center")

    def image_inputs(self, pixels: np.ndarray) -> Inputs:
        """[B, Y, X, 3] bytes, normalised and channels first."""
        return {"pixels": np.ascontiguousarray(((pixels.astype(np.float32) - 127) / 128).transpose(0, 3, 1, 2))}

    def text_inputs(self, tokens: list[list[int]], length: int | None) -> Inputs:
        """Ids, and which of them are no padding."""
        ids = padded(tokens, length)
        mask = np.arange(ids.shape[1]) < np.array([len(row) for row in tokens])[:, None]
        return {"input_ids": ids, "attention_mask": mask.astype(np.int64)}

    def image_vectors(self, logits: np.ndarray, pooled: np.ndarray) -> np.ndarray:
        """The classes' vectors, weighted by probability, beside the features' projection: [B, D]."""
        probabilities = np.exp(logits - logits.max(1, keepdims=True))
        smallest = np.sort(probabilities, 1)[:, -self.top_classes][:, None]
        words = unit(np.where(probabilities >= smallest, probabilities, 0) @ self.class_vectors)
        return unit(np.concatenate([words, unit(pooled @ self.appearance.T) * self.appearance_scale], 1))

    def text_vectors(self, sentences: np.ndarray) -> np.ndarray:
        """Sentences from the middle of all that name classes, without looks: [B, D]."""
        return np.pad(unit(unit(sentences) - self.center), ((0, 0), (0, len(self.appearance))))


class Clip:
    """CLIP: the networks' outputs are the vectors."""

    def __init__(self, folder: Path) -> None:
        settings = json.loads((folder / "preprocessor_config.json").read_text("utf-8"))
        self.mean, self.deviation = np.float32(settings["image_mean"]), np.float32(settings["image_std"])

    def image_inputs(self, pixels: np.ndarray) -> Inputs:
        """[B, Y, X, 3] bytes, normalised and channels first."""
        normalised = (pixels.astype(np.float32) / 255 - self.mean) / self.deviation
        return {"pixels": np.ascontiguousarray(normalised.transpose(0, 3, 1, 2))}

    def text_inputs(self, tokens: list[list[int]], length: int | None) -> Inputs:
        """Ids; the largest ends a text, whatever follows."""
        return {"input_ids": padded(tokens, length)}

    def image_vectors(self, embeddings: np.ndarray) -> np.ndarray:
        """[B, D]"""
        return unit(embeddings)

    text_vectors = image_vectors
