"""Writes the pictures of GlimpseMediaTests and what the reference makes of them, into Tests/Fixtures/media/.

Reference: Pillow (decoding, resizing) and littlecms through Pillow (profiles). Run in a virtual environment:

    pip install pillow==12.2.0 numpy
    python Tests/Fixtures/generate/media.py
    python Tests/Fixtures/generate/media_cameras.py

Every picture NAME.EXT has its expected RGB pixels in NAME.EXT.rgb.png; pictures are small and made from a fixed seed.
Pillow 13 resizes vertically first where only the height shrinks; models were trained with the order of the versions before it.

`resize.json` lists resizes of `source.png`; their results are resize-*.png. All PNGs of results are plain 8-bit RGB.
"""

import io
import json
import struct
import zlib
from pathlib import Path

import numpy as np
from PIL import Image, ImageCms, ImageOps

FOLDER = Path(__file__).resolve().parent.parent / "media"
WIDTH, HEIGHT = 61, 43


def picture(width=WIDTH, height=HEIGHT, seed=1):
    """Gradients, noise and hard edges, RGB."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width]
    planes = [x * 255 / max(width - 1, 1), y * 255 / max(height - 1, 1), (x + y) * 255 / max(width + height - 2, 1)]
    pixels = np.stack(planes, axis=-1) + random.normal(0, 12, (height, width, 3))
    pixels[height // 4 : height // 2, width // 3 : width // 2] = [250, 10, 30]
    pixels[height // 2 :, : width // 5] = 255 * ((x + y) % 2)[height // 2 :, : width // 5, None]
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


def smooth(width=WIDTH, height=HEIGHT):
    """A picture without noise, for formats that lose detail."""
    y, x = np.mgrid[0:height, 0:width]
    planes = [x * 4, y * 5, 255 - x * 2 - y * 2]
    return Image.fromarray(np.stack(planes, axis=-1).clip(0, 255).astype(np.uint8))


def alpha(width=WIDTH, height=HEIGHT):
    y, x = np.mgrid[0:height, 0:width]
    return Image.fromarray(((x * 7 + y * 3) % 256).astype(np.uint8))


def flattened(image):
    """On white, in Pillow's integer blend."""
    image = image.convert("RGBA")
    white = Image.new("RGB", image.size, (255, 255, 255))
    white.paste(image, mask=image.getchannel("A"))
    return white


def expected(image):
    """What a decoder of ours makes of an image as Pillow opened it."""
    profile = image.info.get("icc_profile")
    image = ImageOps.exif_transpose(image)
    if profile and image.mode == "RGBA":
        opaque = convert(image.convert("RGB"), profile)
        return flattened(Image.merge("RGBA", (*opaque.split(), image.getchannel("A"))))
    if image.mode in ("I;16", "I;16B"):
        return Image.fromarray((np.asarray(image) >> 8).astype(np.uint8)).convert("RGB")
    if image.mode in ("LA", "PA", "RGBA") or "transparency" in image.info:
        return flattened(image)
    return convert(image, profile) if profile else image.convert("RGB")


def convert(image, profile):
    """From an embedded profile to sRGB, perceptual intent."""
    source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    return ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), renderingIntent=0, outputMode="RGB")


def reference(name, image=None):
    """Writes what is expected of the file `name`: of Pillow's reading of it, unless an image is given."""
    image = image or expected(Image.open(FOLDER / name))
    image.save(FOLDER / f"{name}.rgb.png", optimize=True, icc_profile=None)


def write(name, image, **options):
    image.save(FOLDER / name, **options)
    reference(name)


def swapped_profile():
    """An sRGB profile whose red and green colorants are exchanged: unmistakable when applied."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    count = struct.unpack_from(">I", profile, 128)[0]
    tags = {}
    for index in range(count):
        at = 132 + 12 * index
        tags[bytes(profile[at : at + 4])] = at
    red, green = tags[b"rXYZ"], tags[b"gXYZ"]
    profile[red + 4 : red + 12], profile[green + 4 : green + 12] = (
        profile[green + 4 : green + 12],
        profile[red + 4 : red + 12],
    )
    return bytes(profile)


def gray_profile():
    """A profile for gray pictures with a gamma of 1.8, by hand because littlecms' Python face makes none."""
    description = b"Gray 1.8\0"
    tags = {
        b"desc": b"desc\0\0\0\0" + struct.pack(">I", len(description)) + description + bytes(78),
        b"cprt": b"text\0\0\0\0" + b"CC0\0",
        b"wtpt": b"XYZ \0\0\0\0" + struct.pack(">3i", 0xF6D6, 0x10000, 0xD32D),
        b"kTRC": b"curv\0\0\0\0" + struct.pack(">IH", 1, round(1.8 * 256)),
    }
    table, body = struct.pack(">I", len(tags)), b""
    start = 128 + 4 + 12 * len(tags)
    for tag, data in tags.items():
        table += tag + struct.pack(">II", start + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    header = struct.pack(">I4sI4s4s4s", start + len(body), bytes(4), 0x02400000, b"mntr", b"GRAY", b"XYZ ")
    header += struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp" + bytes(28) + struct.pack(">3i", 0xF6D6, 0x10000, 0xD32D)
    return header.ljust(128, b"\0") + table + body


def png_16_bit_rgb(name):
    """Pillow writes no 16-bit RGB, so the file is put together here; the upper bytes are those of `picture()`."""
    upper = np.asarray(picture()).astype(np.uint16)
    lower = np.random.default_rng(2).integers(0, 256, upper.shape).astype(np.uint16)
    rows = (upper * 256 + lower).astype(">u2")
    data = b"".join(b"\0" + row.tobytes() for row in rows)

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 16, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(data, 9)) + chunk(b"IEND", b"")
    (FOLDER / name).write_bytes(b"\x89PNG\r\n\x1a\n" + body)
    reference(name, Image.fromarray(upper.astype(np.uint8)))


def without_adobe(data):
    """A JPEG without its APP14 segment."""
    at = 2
    while data[at + 1] != 0xDA:
        length = struct.unpack_from(">H", data, at + 2)[0]
        if data[at + 1] == 0xEE:
            return data[:at] + data[at + 2 + length :]
        at += 2 + length
    raise ValueError("no APP14 segment")


def decoding():
    rgb, gray = picture(), picture().convert("L")
    write("rgb.png", rgb)
    # Once without a container, so that reading the expected PNGs is itself tested.
    (FOLDER / "rgb.bin").write_bytes(rgb.tobytes())
    write("gray.png", gray)
    write("gray-alpha.png", Image.merge("LA", (gray, alpha())))
    write("rgba.png", Image.merge("RGBA", (*rgb.split(), alpha())))
    write("palette.png", rgb.quantize(64))
    write("palette-transparent.png", rgb.quantize(64), transparency=bytes(range(0, 256, 4)))
    write("bilevel.png", gray.convert("1"))
    lower = np.random.default_rng(3).integers(0, 256, (HEIGHT, WIDTH))
    write("gray16.png", Image.fromarray((np.asarray(gray).astype(int) * 256 + lower).astype(np.uint16)))
    png_16_bit_rgb("rgb16.png")

    write("baseline.jpg", rgb, quality=90, subsampling="4:2:0")
    write("full-chroma.jpg", rgb, quality=90, subsampling="4:4:4")
    write("half-chroma.jpg", rgb, quality=90, subsampling="4:2:2")
    write("progressive.jpg", rgb, quality=85, progressive=True)
    write("gray.jpg", gray, quality=90)
    write("one-pixel.jpg", picture(1, 1), quality=90)
    cmyk = smooth().convert("CMYK")
    inks = np.asarray(cmyk).copy()
    inks[..., 3] = np.asarray(alpha()) // 2
    cmyk = Image.fromarray(inks, "CMYK")
    write("cmyk-adobe.jpg", cmyk, quality=95)
    stream = io.BytesIO()
    cmyk.save(stream, "JPEG", quality=95)
    (FOLDER / "cmyk-plain.jpg").write_bytes(without_adobe(stream.getvalue()))
    reference("cmyk-plain.jpg")
    write("cmyk.tif", cmyk, compression="tiff_lzw")

    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        write(f"orientation-{orientation}.jpg", picture(19, 13), quality=90, exif=exif)

    standard = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    write("profile-standard.png", rgb, icc_profile=standard)
    reference("profile-standard.png", rgb)
    write("profile-swapped.png", rgb, icc_profile=swapped_profile())
    write("profile-gray.png", gray, icc_profile=gray_profile())
    write("profile-alpha.png", Image.merge("RGBA", (*rgb.split(), alpha())), icc_profile=swapped_profile())
    write("profile-swapped.jpg", rgb, quality=90, icc_profile=swapped_profile())
    broken = bytearray(standard)
    broken[128:] = bytes(len(broken) - 128)
    rgb.save(FOLDER / "profile-broken.png", icc_profile=bytes(broken))
    reference("profile-broken.png", rgb)

    frames = [picture(31, 21, seed).quantize(32) for seed in (4, 5, 6)]
    write("animation.gif", frames[0], save_all=True, append_images=frames[1:], duration=50)
    write("lossless.webp", rgb, lossless=True)
    write("lossless-alpha.webp", Image.merge("RGBA", (*rgb.split(), alpha())), lossless=True, exact=True)
    write("lossy.webp", rgb, quality=90)
    write("pages.tif", rgb, save_all=True, append_images=[picture(20, 10)])
    write("bilevel.tif", gray.convert("1"), compression="group4")
    numbers = np.asarray(gray).astype(np.float32) / 255
    Image.fromarray(numbers).save(FOLDER / "float.tif", compression="tiff_lzw")
    reference("float.tif", Image.fromarray((numbers * np.float32(255)).astype(np.uint8)).convert("RGB"))
    write("rgb.ppm", picture(17, 11))
    write("lossless.avif", smooth(), quality=100, subsampling="4:4:4")


def bmp(name, rows, bits, header=40, compression=0, masks=(), palette=(), top_down=False, image=None):
    """A BMP file by hand: Pillow writes few of the kinds it reads. `rows` are encoded, each as it is stored, from the bottom."""
    core = header == 12
    entries = b"".join(bytes(color) + (b"" if core else b"\0") for color in palette)
    fields = b"".join(struct.pack("<I", mask) for mask in masks)
    size = struct.pack("<HH", WIDTH, HEIGHT) if core else struct.pack("<ii", WIDTH, -HEIGHT if top_down else HEIGHT)
    info = struct.pack("<I", header) + size + struct.pack("<HH", 1, bits)
    if not core:
        info += struct.pack("<IIiiII", compression, 0, 2835, 2835, len(palette), 0)
    info = (info + fields).ljust(header, b"\0") if header > 40 else info + fields
    body = b"".join(rows)
    offset = 14 + len(info) + len(entries)
    data = b"BM" + struct.pack("<IHHI", offset + len(body), 0, 0, offset) + info + entries + body
    (FOLDER / name).write_bytes(data)
    reference(name, image)


def padded(row):
    return bytes(row) + bytes(-len(row) % 4)


def run_lengths(row, bits):
    """A row as runs where pixels repeat, as copies where they do not."""
    data, at = b"", 0
    while at < len(row):
        run = 1
        while at + run < len(row) and row[at + run] == row[at] and run < 255:
            run += 1
        if run > 2 or len(row) - at < 4:
            data += bytes([run, row[at] if bits == 8 else row[at] * 17])
            at += run
        else:
            # Four pixels, because Pillow reads odd numbers of them wrongly with four bits.
            copied = row[at : at + 4]
            packed = bytes(copied) if bits == 8 else bytes(copied[i] << 4 | copied[i + 1] for i in (0, 2))
            data += b"\0\4" + packed
            at += 4
    return data + b"\0\0"


def bitmaps():
    rgb, gray = picture(), picture().convert("L")
    write("bilevel.bmp", gray.convert("1"))
    write("gray.bmp", gray)
    write("palette.bmp", rgb.quantize(64))
    write("rgb.bmp", rgb)
    write("rgba.bmp", Image.merge("RGBA", (*rgb.split(), alpha())))

    pixels = np.asarray(rgb).astype(int)[::-1]
    bgr = [padded(row[:, ::-1].astype(np.uint8).tobytes()) for row in pixels]
    bmp("top-down.bmp", bgr[::-1], 24, top_down=True)
    bmp("os2.bmp", bgr, 24, header=12)
    places = np.asarray(rgb.quantize(16))[::-1]
    colors = [tuple(color[::-1]) for color in np.array(rgb.quantize(16).getpalette()[:48]).reshape(16, 3).tolist()]
    nibbles = np.pad(places, ((0, 0), (0, 1)))
    bmp("palette4.bmp", [padded((row[::2] << 4 | row[1::2]).tobytes()) for row in nibbles], 4, palette=colors)
    bmp("os2-palette.bmp", [padded(row.tobytes()) for row in places], 8, header=12, palette=colors + [(0, 0, 0)] * 240)
    # In one, parts of two rows are skipped; in the other the picture ends three rows early, which Pillow refuses.
    skip = b"\0\2\7\2" + run_lengths(places[9].tolist()[7:], 8)
    runs = [run_lengths(row.tolist(), 8) for row in places[:7]] + [skip]
    bmp("runs8.bmp", runs + [run_lengths(row.tolist(), 8) for row in places[10:]] + [b"\0\1"], 8, compression=1, palette=colors)
    runs = [run_lengths(row.tolist(), 4) for row in places[:-3]]
    shown = np.array(colors, np.uint8)[np.pad(places[:-3], ((0, 3), (0, 0)))]
    shown = Image.fromarray(np.ascontiguousarray(shown[::-1, :, ::-1]))
    bmp("runs4.bmp", runs + [b"\0\1"], 4, compression=2, palette=colors, image=shown)

    def packed(red, green, blue, shifts, kind):
        values = sum((pixels[..., i] >> 8 - bits) << shift for i, (bits, shift) in enumerate(zip((red, green, blue), shifts)))
        return [padded(row.astype(kind).tobytes()) for row in values]

    bmp("high.bmp", packed(5, 5, 5, (10, 5, 0), "<u2"), 16)
    bmp("fields16.bmp", packed(5, 6, 5, (11, 5, 0), "<u2"), 16, compression=3, masks=(0xF800, 0x07E0, 0x001F))
    opaque = packed(8, 8, 8, (24, 16, 8), "<u4")
    bmp("fields32.bmp", opaque, 32, compression=3, masks=(0xFF000000, 0xFF0000, 0xFF00))
    levels = np.asarray(alpha()).astype(int)[::-1]
    with_alpha = [np.column_stack([row[:, ::-1], a]).astype(np.uint8).tobytes() for row, a in zip(pixels, levels)]
    masks = (0xFF0000, 0xFF00, 0xFF, 0xFF000000)
    bmp("alpha.bmp", with_alpha, 32, header=124, compression=3, masks=masks)
    # Alpha that is 0 everywhere is meant by nobody; Pillow takes it at its word.
    unused = [np.pad(row[:, ::-1], ((0, 0), (0, 1))).astype(np.uint8).tobytes() for row in pixels]
    bmp("alpha-unused.bmp", unused, 32, header=108, compression=3, masks=masks, image=rgb)


def jpeg2000():
    rgb, gray = picture(), picture().convert("L")
    write("rgb.jp2", rgb)
    write("gray.jp2", gray)
    write("rgba.jp2", Image.merge("RGBA", (*rgb.split(), alpha())))
    write("codestream.j2k", rgb)
    lower = np.random.default_rng(3).integers(0, 256, (HEIGHT, WIDTH))
    write("gray16.jp2", Image.fromarray((np.asarray(gray).astype(int) * 256 + lower).astype(np.uint16)))
    write("lossy.jp2", smooth(), irreversible=True, quality_mode="dB", quality_layers=[45])


FILTERS = {
    "bicubic": Image.Resampling.BICUBIC,
    "bilinear": Image.Resampling.BILINEAR,
    "lanczos": Image.Resampling.LANCZOS,
}


def shortest(image, side, kernel):
    width, height = image.size
    if width <= height:
        size = (side, int(side * height / width))
    else:
        size = (int(side * width / height), side)
    return image.resize(size, FILTERS[kernel])


def center(image, crop):
    """torchvision's center_crop: zeros around what is smaller, then an offset rounded half to even."""
    width, height = image.size
    if crop > width or crop > height:
        padded = Image.new("RGB", (max(crop, width), max(crop, height)))
        padded.paste(image, (max(crop - width, 0) // 2, max(crop - height, 0) // 2))
        image = padded
        width, height = image.size
    top, left = int(round((height - crop) / 2.0)), int(round((width - crop) / 2.0))
    return image.crop((left, top, left + crop, top + crop))


def resizing():
    source = picture(97, 71, seed=7)
    source.save(FOLDER / "source.png", optimize=True)
    cases = []

    def add(case, image):
        case["result"] = f"resize-{len(cases)}.png"
        image.save(FOLDER / case["result"], optimize=True)
        cases.append(case)

    sizes = [(25, 18), (130, 21), (19, 90), (97, 32), (30, 71), (97, 71), (1, 1), (300, 1), (1, 120), (96, 72)]
    for kernel in FILTERS:
        for width, height in sizes:
            image = source.resize((width, height), FILTERS[kernel])
            add({"filter": kernel, "width": width, "height": height}, image)
    for kernel, side, crop in [
        ("bicubic", 48, 42),
        ("bicubic", 71, 67),
        ("bicubic", 24, 24),
        ("bicubic", 84, 65),
        ("bilinear", 37, 30),
        ("bicubic", 21, 40),
        ("bicubic", 20, 24),
    ]:
        add({"filter": kernel, "side": side, "crop": crop}, center(shortest(source, side, kernel), crop))
    (FOLDER / "resize.json").write_text(json.dumps(cases, indent=1) + "\n")


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.iterdir():
        old.unlink()
    decoding()
    bitmaps()
    jpeg2000()
    resizing()
