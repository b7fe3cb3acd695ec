"""Draws docs/search.png: three searches over the sample photographs, with the scores Glimpse gave.

Needs Pillow. Run from the package's folder after `make demo`: python3 Scripts/make-readme-picture.py
"""

import json
import subprocess
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont, ImageOps

QUERIES = ("a cat", "something to drink", "outer space")
TOP = 3
WIDTH, HEIGHT, GAP, TEXT = 240, 160, 14, 250


def main() -> None:
    font = ImageFont.truetype("DejaVuSans.ttf", 19)
    small = ImageFont.truetype("DejaVuSans.ttf", 14)
    size = (TEXT + TOP * (WIDTH + GAP) + GAP, len(QUERIES) * (HEIGHT + GAP) + GAP)
    sheet = Image.new("RGB", size, "#ffffff")
    draw = ImageDraw.Draw(sheet)
    for row, query in enumerate(QUERIES):
        top = GAP + row * (HEIGHT + GAP)
        draw.text((GAP + 4, top + HEIGHT // 2 - 14), f"“{query}”", font=font, fill="#111111")
        command = [".build/release/glimpse", "search", query, "--library", ".build/demo-library", "--top", str(TOP), "--all"]
        lines = subprocess.run([*command, "--format", "jsonl"], check=True, capture_output=True, text=True).stdout
        for column, match in enumerate(map(json.loads, lines.splitlines())):
            left = TEXT + column * (WIDTH + GAP)
            with Image.open(match["path"]) as picture:
                sheet.paste(ImageOps.fit(picture.convert("RGB"), (WIDTH, HEIGHT)), (left, top))
            label = f"{match['score']:.2f}"
            box = draw.textbbox((left + 8, top + 6), label, font=small)
            draw.rectangle((box[0] - 5, box[1] - 4, box[2] + 5, box[3] + 4), fill="#111111")
            draw.text((left + 8, top + 6), label, font=small, fill="#ffffff")
    sheet.save(Path("docs/search.png"), optimize=True)


if __name__ == "__main__":
    main()
