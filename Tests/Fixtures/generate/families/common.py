"""What the generators of the model families share: drawing weights, rounding, inputs, references, a tiny tokenizer.

Every parameter is drawn (norms near 1, biases and position embeddings away from 0, statistics of batch normalisation
too) and rounded to the type it is stored in before the reference is computed in float32. `check_sensitivity` proves
that the outputs depend on every tensor, so a reader that drops or mixes up one cannot pass.

Needs: torch 2.15.0 (CPU), safetensors 0.8.0.
"""

import json
import math
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import torch
from safetensors.torch import save_file

FAMILIES = Path(__file__).resolve().parents[2] / "families"
CLIP_MEAN = [0.48145466, 0.4578275, 0.40821073]
CLIP_STD = [0.26862954, 0.26130258, 0.27577711]
TEXTS = (
    "a photo of a cat",
    "Two dogs run on the beach, and the sun isn't down yet: it's 7 o'clock!",
    "the small red bird sits in a green tree by the blue water in the snow near the old house while the black cat of "
    "the people who live there looks out of the window and thinks of fish and milk and a long sleep in the sun on the "
    "warm stones of the garden wall, where nobody ever comes to play with it before the evening meal is on the table",
)
CORPUS = TEXTS + (
    "a photo of a dog", "a photo of the sea", "a picture of two people on a street", "the cat sits on the table",
    "a red car in front of the house", "children play in the garden", "the dog runs after the ball in the snow",
    "a black and white photo of a mountain", "water and stones near the beach", "an old man with a hat",
    "a plate of food on a wooden table", "the sun over the sea in the evening", "a green tree and a blue sky",
)

Run = Callable[[], dict[str, torch.Tensor]]


def draw(model: torch.nn.Module, seed: int, deviations: dict[str, float] | None = None) -> None:
    """Draws every parameter and every statistic of `model` anew, in the order of their names.

    `deviations` gives the standard deviation of tensors whose names end so, where the rule here does not fit.
    """
    generator = torch.Generator().manual_seed(seed)
    norms = (torch.nn.LayerNorm, torch.nn.modules.batchnorm._BatchNorm)
    of_norm = {
        f"{path}.weight" for path, module in model.named_modules()
        if isinstance(module, norms) or type(module).__name__.endswith("LayerNorm")
    }
    # Kept in (in, out) order by CLIP, unlike the weights of linear layers.
    transposed = ("proj", "text_projection")
    with torch.no_grad():
        for name, value in sorted(model.state_dict(keep_vars=True).items()):
            if not value.is_floating_point():
                continue
            last = name.rsplit(".", 1)[-1]
            noise = torch.randn(value.shape, generator=generator)
            given = next((width for end, width in (deviations or {}).items() if name.endswith(end)), None)
            if given is not None:
                drawn = given * noise
            elif last == "logit_scale":
                drawn = torch.full_like(value, 3.0)
            elif last == "logit_bias":
                drawn = torch.full_like(value, -7.5)
            elif last == "running_var":
                drawn = 0.6 + torch.rand(value.shape, generator=generator)
            elif last == "running_mean":
                drawn = 0.2 * noise
            elif name in of_norm:
                drawn = 1 + 0.2 * noise
            elif last == "gamma":
                drawn = 0.6 + 0.2 * noise
            elif last.endswith("bias"):
                drawn = 0.1 * noise
            elif value.ndim < 2 or ("embed" in name and value.ndim < 4) or last in ("query", "probe", "latent"):
                drawn = 0.6 * noise
            else:
                fan_in = value.shape[0] if last in transposed else math.prod(value.shape[1:])
                drawn = 1.5 / math.sqrt(fan_in) * noise
            value.copy_(drawn)


def round_to(model: torch.nn.Module, *types: torch.dtype, keep: Callable[[str], bool] = lambda name: False) -> None:
    """Rounds the floats of `model`, except those `keep` names, so that each of `types` holds them exactly."""
    with torch.no_grad():
        for name, value in model.state_dict(keep_vars=True).items():
            if not value.is_floating_point() or keep(name):
                continue
            # bfloat16 has 8 bits: from 2^-16 on float16 holds them all, and what is smaller may as well be 0.
            value[value.abs() < 2**-16] = 0
            for _ in range(2):
                for type in types:
                    value.copy_(value.to(type).float())


def stored(state: dict, type: torch.dtype, keep: Callable[[str], bool] = lambda name: False) -> dict:
    """The tensors of a state dictionary, contiguous, its floats as `type` except those that `keep` names."""
    return {
        name: (value.to(type) if value.is_floating_point() and not keep(name) else value).detach().clone().contiguous()
        for name, value in state.items()
    }


def pixels(height: int, seed: int, width: int | None = None) -> torch.Tensor:
    """Two normalised pictures [2, 3, Y, X]: noise over a slope that differs by channel and picture."""
    generator = torch.Generator().manual_seed(seed)
    noise = torch.randn(2, 3, height, width or height, generator=generator)
    slope = torch.linspace(-1, 1, height)[:, None] * torch.linspace(-1, 1, width or height)[None, :]
    return 0.8 * noise + torch.tensor([1.0, -0.5, 0.3, -1.2, 0.7, 0.2]).view(2, 3, 1, 1) * (slope + 0.2)


def random_ids(lengths: tuple[int, ...], context: int, first: int, start: int | None, end: int, pad: int, seed: int):
    """Ids [B, context] of texts with `lengths` ids, `start` and `end` included, and those lengths."""
    generator = torch.Generator().manual_seed(seed)
    ids = torch.full((len(lengths), context), pad)
    for row, length in enumerate(lengths):
        ids[row, :length] = torch.randint(first, min(end, 60) if end > first else 60, (length,), generator=generator)
        if start is not None:
            ids[row, 0] = start
        ids[row, length - 1] = end
    return ids, torch.tensor(lengths)


def check_sensitivity(model: torch.nn.Module, run: Run, inert: Callable[[str], bool] = lambda name: False) -> None:
    """Stops unless noise as wide as a tensor, on any but those `inert`, moves an output by more than 1e-3."""
    generator = torch.Generator().manual_seed(1)
    base = run()
    with torch.no_grad():
        for name, value in model.state_dict(keep_vars=True).items():
            if not value.is_floating_point() or inert(name):
                continue
            before = value.clone()
            noise = torch.randn(value.shape, generator=generator).abs()
            value.add_(noise * (before.std() if value.numel() > 1 else before.abs()))
            moved = max(((run()[key] - base[key]).abs().max() / base[key].abs().max()).item() for key in base)
            value.copy_(before)
            if not moved > 1e-3:
                raise SystemExit(f"{name} moves the outputs by {moved:.1e} only: draw it wider")


def fresh(name: str) -> Path:
    """An empty folder for the family `name`."""
    folder = FAMILIES / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def write_reference(
    folder: Path, texts: tuple[str, ...] = (), half_pixels: bool = False, **tensors: torch.Tensor,
) -> None:
    """Writes `reference.safetensors`, integers as int32, and `texts.json` where the ids stand for texts.

    With `half_pixels` the pixels, which then must be numbers of float16, are stored as such.
    """
    converted = {
        name: (value.float() if value.is_floating_point() else value.to(torch.int32)).detach().clone().contiguous()
        for name, value in tensors.items()
    }
    for name, value in converted.items():
        if value.is_floating_point() and not bool(torch.isfinite(value).all()):
            raise SystemExit(f"{folder.name}: {name} is not finite")
    if half_pixels:
        converted["pixels"] = converted["pixels"].half()
    save_file(converted, folder / "reference.safetensors")
    if texts:
        write_json(folder / "texts.json", list(texts))


def byte_characters() -> list[str]:
    """The 256 characters that stand for bytes in byte-level tokenizers, in the order of their ids."""
    printable = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    others = [256 + index for index, _ in enumerate(byte for byte in range(256) if byte not in printable)]
    return [chr(value) for value in printable + others]


def clip_merges(count: int) -> list[tuple[str, str]]:
    """The `count` most frequent merges of the words of CORPUS, with `</w>` at the end of a word."""
    words = Counter(word for text in CORPUS for word in text.lower().split() if word.isalpha())
    pieces = {word: [*word[:-1], word[-1] + "</w>"] for word in words}
    merges = []
    while len(merges) < count:
        pairs = Counter()
        for word, parts in pieces.items():
            for pair in zip(parts, parts[1:]):
                pairs[pair] += words[word]
        best = min(pairs, key=lambda pair: (-pairs[pair], pair))
        merges.append(best)
        for word, parts in pieces.items():
            joined, index = [], 0
            while index < len(parts):
                if tuple(parts[index : index + 2]) == best:
                    joined.append(parts[index] + parts[index + 1])
                    index += 2
                else:
                    joined.append(parts[index])
                    index += 1
            pieces[word] = joined
    return merges


def clip_vocabulary(merges: list[tuple[str, str]]) -> dict[str, int]:
    """CLIP's order of ids: bytes, bytes that end a word, merges, the start and the end of a text."""
    characters = byte_characters()
    entries = [*characters, *(character + "</w>" for character in characters), *("".join(pair) for pair in merges)]
    return {entry: index for index, entry in enumerate([*entries, "<|startoftext|>", "<|endoftext|>"])}


def write_clip_tokenizer(folder: Path, context: int, merges_as_text: bool) -> None:
    """The five files of a CLIP tokenizer; older `tokenizer.json` have merges as text, newer ones as pairs."""
    merges = clip_merges(84)
    vocabulary = clip_vocabulary(merges)
    start, end = vocabulary["<|startoftext|>"], vocabulary["<|endoftext|>"]
    special = {"single_word": False, "lstrip": False, "rstrip": False, "special": True}
    pattern = r"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
    write_json(folder / "tokenizer.json", {
        "version": "1.0", "truncation": None, "padding": None,
        "added_tokens": [
            {"id": start, "content": "<|startoftext|>", **special, "normalized": True},
            {"id": end, "content": "<|endoftext|>", **special, "normalized": False},
        ],
        "normalizer": {"type": "Sequence", "normalizers": [
            {"type": "NFC"}, {"type": "Replace", "pattern": {"Regex": r"\s+"}, "content": " "}, {"type": "Lowercase"},
        ]},
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
            {"type": "Split", "pattern": {"Regex": pattern}, "behavior": "Removed", "invert": True},
            {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True},
        ]},
        "post_processor": {
            "type": "RobertaProcessing", "sep": ["<|endoftext|>", end], "cls": ["<|startoftext|>", start],
            "trim_offsets": False, "add_prefix_space": False,
        },
        "decoder": {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True},
        "model": {
            "type": "BPE", "dropout": None, "unk_token": "<|endoftext|>", "continuing_subword_prefix": "",
            "end_of_word_suffix": "</w>", "fuse_unk": False, "byte_fallback": False, "vocab": vocabulary,
            "merges": [" ".join(pair) for pair in merges] if merges_as_text else [list(pair) for pair in merges],
        },
    })
    (folder / "vocab.json").write_text(json.dumps(vocabulary, ensure_ascii=False), encoding="utf-8")
    (folder / "merges.txt").write_text(
        "#version: 0.2\n" + "".join(f"{left} {right}\n" for left, right in merges), encoding="utf-8")
    token = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": True}
    names = {
        "bos_token": {"content": "<|startoftext|>", **token},
        "eos_token": {"content": "<|endoftext|>", **token},
        "unk_token": {"content": "<|endoftext|>", **token},
        "pad_token": "<|endoftext|>",
    }
    write_json(folder / "special_tokens_map.json", names)
    configuration = {key: {"__type": "AddedToken", **value} if isinstance(value, dict) else value
                     for key, value in names.items()}
    write_json(folder / "tokenizer_config.json", {
        **configuration, "add_prefix_space": False, "errors": "replace", "do_lower_case": True,
        "name_or_path": "openai/clip-vit-base-patch32", "model_max_length": context,
        "special_tokens_map_file": "./special_tokens_map.json", "tokenizer_class": "CLIPTokenizer",
    })
