"""Records the requests of immich's server to its machine learning service, byte for byte.

    python3 record_immich.py

immich sends them with the `fetch` and `FormData` of Node, so Node (20 or later) sends these too, to a listener of this script. Only how the
form is put together stands here; the bytes on the wire, with their boundary and headers, are Node's. Writes recorded/*.http and
recorded/picture.png, a picture made of numbers.
"""

import json
import pathlib
import socket
import struct
import subprocess
import threading
import zlib

RECORDED = pathlib.Path(__file__).parent / "recorded"
MODEL = "ViT-B-32__openai"  # immich's default

# What immich puts into `entries`, and what comes with it.
REQUESTS = {
    "visual": ({"clip": {"visual": {"modelName": MODEL}}}, "image"),
    "textual": ({"clip": {"textual": {"modelName": MODEL, "options": {"language": "de"}}}}, "text"),
    "textual-without-language": ({"clip": {"textual": {"modelName": MODEL, "options": {}}}}, "text"),
    "faces": (
        {
            "facial-recognition": {
                "detection": {"modelName": "buffalo_l", "options": {"minScore": 0.7}},
                "recognition": {"modelName": "buffalo_l"},
            }
        },
        "image",
    ),
    "ocr": (
        {
            "ocr": {
                "detection": {"modelName": "PP-OCRv5_mobile", "options": {"minScore": 0.5, "maxResolution": 736}},
                "recognition": {"modelName": "PP-OCRv5_mobile", "options": {"minScore": 0.8}},
            }
        },
        "image",
    ),
}

SENDER = """
import { readFile } from 'node:fs/promises';
const [url, path, entries, kind, value] = process.argv.slice(1);
const options = { method: 'GET' };
if (entries) {
  const form = new FormData();
  form.append('entries', entries);
  form.append(kind, kind === 'image' ? new Blob([await readFile(value)]) : value);
  Object.assign(options, { method: 'POST', body: form });
}
await (await fetch(new URL(path, url), options)).text();
"""


def picture(width=96, height=64):
    """A PNG of a disc before two colours that run into each other, so that a model sees something."""
    rows = bytearray()
    for y in range(height):
        rows.append(0)
        for x in range(width):
            is_inside = (x - width // 2) ** 2 + (y - height // 2) ** 2 < (height // 3) ** 2
            rows += bytes((220, 40, 30) if is_inside else (20 + x, 90 + y, 200))

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(rows), 9)) + chunk(b"IEND", b"")
    )


def receive(connection):
    """The bytes of one request, whose body has a length."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += connection.recv(65536)
    head, _, body = data.partition(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def record(name, arguments):
    """Has Node send a request, and writes what arrives."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"

        def answer():
            connection, _ = listener.accept()
            with connection:
                (RECORDED / f"immich-{name}.http").write_bytes(receive(connection))
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        subprocess.run(["node", "--input-type=module", "-e", SENDER, url, *arguments], check=True, timeout=60)
        thread.join(timeout=10)
    print(f"recorded immich-{name}.http")


def main():
    RECORDED.mkdir(exist_ok=True)
    path = RECORDED / "picture.png"
    path.write_bytes(picture())
    record("ping", ["/ping"])
    for name, (entries, kind) in REQUESTS.items():
        # As JavaScript writes JSON: without spaces.
        text = json.dumps(entries, separators=(",", ":"))
        record(name, ["/predict", text, kind, str(path) if kind == "image" else "eine rote Scheibe, größer als ein Fußball"])


main()
