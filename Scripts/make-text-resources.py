#!/usr/bin/env python3
"""Writes the resources of GlimpseText: the byte-pair merges of OpenAI's CLIP and the character references of HTML.

    pip install open_clip_torch==3.3.0 ftfy==6.3.1
    python3 Scripts/make-text-resources.py Sources/GlimpseText/Resources

clip-merges.bin holds a pair of token ids (16 bits each, little-endian) for every merge, in the order of their rank.
Ids 0-255 are bytes in the order of the vocabulary, 256-511 bytes at the end of a word, 512 + r what merge r makes.
"""

import gzip
import html
import html.entities
import pathlib
import struct
import sys

import ftfy.chardata
import open_clip.tokenizer

out = pathlib.Path(sys.argv[1])
merges = gzip.open(open_clip.tokenizer.default_bpe()).read().decode().split("\n")[1:49152 - 256 - 2 + 1]
symbols = list(open_clip.tokenizer.bytes_to_unicode().values())
ids = {token: number for number, token in enumerate(symbols + [symbol + "</w>" for symbol in symbols])}
pairs = bytearray()
for merge in merges:
    first, second = merge.split()
    pairs += struct.pack("<HH", ids[first], ids[second])
    ids[first + second] = len(ids)
assert len(ids) == 49406
(out / "clip-merges.bin").write_bytes(pairs)

entities = {name: value for name, value in html.entities.html5.items()}
capitals = {name[1:]: value for name, value in ftfy.chardata.HTML_ENTITIES.items() if name[1:] not in entities}
lines = [f"{name}\t{value}" for name, value in sorted(entities.items())]
lines += [f"*{name}\t{value}" for name, value in sorted(capitals.items())]
lines = [line.split("\t", 1)[0] + "\t" + line.split("\t", 1)[1].replace("\n", "\\n").replace("\t", "\\t") for line in lines]
(out / "html-entities.tsv").write_bytes(("\n".join(lines) + "\n").encode())
