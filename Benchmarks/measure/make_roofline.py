"""Makes a Markdown table of how near CLIP comes to what the machine can do at all.

The least time of a workload is that of its arithmetic at the rate at which cores multiply and add floats in registers, or
that of reading every weight once at the rate at which they read memory, whichever is longer. The rates are those that
Kernels/roof.c measured in the same run, of which the best counts, and the times the best of each side: a guest on a shared
machine gets less than all of it for much of the time.

Run:   python make_roofline.py RESULTS CONFIG > roofline.md
"""

import argparse
import json
import re
from dataclasses import dataclass
from pathlib import Path

WORKLOAD = re.compile(r"CLIP ViT-B/32(?P<halves> of halves)?, (?P<what>picture|(?P<unlike>unlike )?texts? of (?P<tokens>\d+) tokens) × (?P<batch>\d+)(?P<rest>.*)")


@dataclass
class Work:
    """What a forward pass of floats takes."""

    operations: float
    bytes: float


def transformer(width: int, hidden: int, layers: int, tokens: int, batch: int, rows: int) -> Work:
    """A stack of blocks of which the last goes on with one token of each sequence after the keys and values.

    There are so many rows as sequences do not share."""
    weights = 4 * width * width + 2 * width * hidden
    mixing = 2 * tokens * width  # scores, and the sums of values
    keys_values = 2 * width * width
    multiplies = (layers - 1) * rows * (weights + mixing) + rows * keys_values + batch * (weights - keys_values + mixing)
    return Work(2 * multiplies, 4 * layers * weights)


def picture(configuration: dict, batch: int) -> Work:
    """The vision tower."""
    part = configuration["vision_config"]
    width, side, patch = part["hidden_size"], part["image_size"], part["patch_size"]
    patches = (side // patch) ** 2
    work = transformer(width, part["intermediate_size"], part["num_hidden_layers"], patches + 1, batch,
                       batch * (patches + 1))
    embedding, projection = patch * patch * 3 * width, width * configuration["projection_dim"]
    return Work(work.operations + 2 * batch * (patches * embedding + projection),
                work.bytes + 4 * (embedding + projection))


def text(configuration: dict, tokens: int, batch: int) -> Work:
    """The text tower for texts that have nothing in common but the start token, whose row they share; of the tokens' table hardly
    anything is read."""
    part = configuration["text_config"]
    width = part["hidden_size"]
    work = transformer(width, part["intermediate_size"], part["num_hidden_layers"], tokens, batch,
                       batch * (tokens - 1) + 1)
    projection = width * configuration["projection_dim"]
    return Work(work.operations + 2 * batch * projection, work.bytes + 4 * projection)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("results", type=Path, help="lines of JSON")
    parser.add_argument("config", type=Path, help="the model's config.json")
    arguments = parser.parse_args()
    results = [json.loads(line) for line in arguments.results.read_text("utf-8").splitlines()]
    configuration = json.loads(arguments.config.read_text("utf-8"))
    roofs = [result for result in results if "roof_of_threads" in result]
    if not roofs:
        return
    operations, rate = (max(roof[key] for roof in roofs) for key in ("flops", "bytes"))
    print(f"At best {operations / 1e9:.0f} GFLOP/s and {rate / 1e9:.1f} GB/s, with {roofs[0]['roof_of_threads']} threads.\n")
    print("| f32 | GFLOP | MB of weights | least ms: arithmetic | reading | ours: best ms | of the least | "
          "fastest peer: best ms |\n|---|---:|---:|---:|---:|---:|---:|---:|")
    for result in results:
        found = WORKLOAD.fullmatch(result.get("workload", ""))
        if not found or result["precision"] != "f32" or "padded to" in found["rest"]:
            continue
        batch = int(found["batch"])
        if found["tokens"] and batch > 1 and not found["unlike"]:
            continue
        work = text(configuration, int(found["tokens"]), batch) if found["tokens"] else picture(configuration, batch)
        size = work.bytes / 2 if found["halves"] else work.bytes
        arithmetic, reading = work.operations / operations * 1e3, size / rate * 1e3
        ours = min(result["ours"]["seconds"]) * 1e3
        peer = min(min(peer["seconds"]) for peer in result["peers"]) * 1e3
        print(f"| {found['what']} × {batch}{found['halves'] or ''} | {work.operations / 1e9:.2f} | {size / 1e6:.0f} | {arithmetic:.1f} "
              f"| {reading:.1f} | {ours:.1f} | {max(arithmetic, reading) / ours:.0%} | {peer:.1f} |")


if __name__ == "__main__":
    main()
