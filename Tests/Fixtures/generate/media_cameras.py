"""Writes the pictures of GlimpseMediaTests that tell of a camera, into Tests/Fixtures/media/: exif.* and raw.*.

Run after media.py, in the same environment. The raw photographs have the structure of those of the makers, as far as a reader of
previews looks at it: the sensor's values are missing, or noise. Orientation is told by the raw file where the preview is silent.
"""

import io
import struct

import media
from PIL import Image

TAKEN = "2019:05:04 12:33:01"
ASCII, SHORT, LONG, RATIONAL, UNDEFINED, IFD = 2, 3, 4, 5, 7, 13


def jpeg(width, height, seed=8, **options):
    stream = io.BytesIO()
    media.picture(width, height, seed).save(stream, "JPEG", quality=90, subsampling="4:4:4", **options)
    return stream.getvalue()


def exif(orientation=None):
    fields = Image.Exif()
    fields[0x010F], fields[0x0110] = "Canon", "Canon EOS 80D"
    fields[0x0132] = "2021:01:01 00:00:00"
    if orientation:
        fields[0x0112] = orientation
    taken = fields.get_ifd(0x8769)
    taken[0x9003], taken[0x9011] = TAKEN, "+02:00"
    place = fields.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "N", (48.0, 51.0, 29.52), "W", (2.0, 17.0, 40.2)
    return fields


def pictures():
    image = media.smooth(16, 12)
    image.save(media.FOLDER / "exif.jpg", quality=80, exif=exif())
    image.save(media.FOLDER / "exif.png", exif=exif())
    image.save(media.FOLDER / "exif.webp", quality=80, exif=exif())
    image.save(media.FOLDER / "exif.avif", quality=80, exif=exif())
    # Pillow leaves the directories of EXIF out of TIFF files.
    tiff = Tiff(">")
    camera = {tag: value for tag, value in tiff.camera().items() if tag != 0x0112}
    (media.FOLDER / "exif.tif").write_bytes(tiff.file(tiff.directory({**thumbnail(tiff), **camera})))


class Tiff:
    """A TIFF file that is written back to front: values, then the directories that name them."""

    def __init__(self, order="<", version=42):
        mark = b"II" if order == "<" else b"MM"
        self.order, self.data = order, bytearray(mark + struct.pack(order + "HI", version, 0))

    def blob(self, data):
        self.data += bytes(len(self.data) % 2)
        self.data += data
        return len(self.data) - len(data)

    def directory(self, tags, following=0):
        return self.blob(self.table(tags, following))

    def table(self, tags, following=0):
        """Tags are {number: (type, value)}; numbers are a list, fractions a list of pairs, else bytes."""
        entries = b""
        for tag, (kind, value) in sorted(tags.items()):
            if kind in (SHORT, LONG, IFD):
                count, data = len(value), struct.pack(f"{self.order}{len(value)}{'H' if kind == SHORT else 'I'}", *value)
            elif kind == RATIONAL:
                count = len(value)
                data = b"".join(struct.pack(self.order + "II", *pair) for pair in value)
            else:
                count, data = len(value), value
            if len(data) > 4:
                data = struct.pack(self.order + "I", self.blob(data))
            entries += struct.pack(self.order + "HHI", tag, kind, count) + data.ljust(4, b"\0")
        return struct.pack(self.order + "H", len(tags)) + entries + struct.pack(self.order + "I", following)

    def exif(self, more=None):
        return self.directory({0x9003: (ASCII, TAKEN.encode() + b"\0"), 0x9011: (ASCII, b"+02:00\0"), **(more or {})})

    def gps(self):
        fractions = lambda *parts: (RATIONAL, [(part, unit) for part, unit in zip(parts, (1, 1, 100))])
        return self.directory(
            {1: (ASCII, b"N\0"), 2: fractions(48, 51, 2952), 3: (ASCII, b"W\0"), 4: fractions(2, 17, 4020)}
        )

    def camera(self, exif=None):
        return {
            0x010F: (ASCII, b"Canon\0"),
            0x0110: (ASCII, b"Canon EOS 80D\0"),
            0x0112: (SHORT, [6]),
            0x8769: (LONG, [exif or self.exif()]),
            0x8825: (LONG, [self.gps()]),
        }

    def file(self, main):
        self.data[4:8] = struct.pack(self.order + "I", main)
        return bytes(self.data)


# What is shown, what it is a small version of, and what a raw file calls a JPEG too: the sensor's values, without loss.
PREVIEW, THUMBNAIL = jpeg(48, 32), jpeg(16, 12, seed=9)
LOSSLESS = b"\xff\xd8\xff\xc3" + struct.pack(">HBHHB", 11, 14, 64, 96, 1) + b"\1\x11\0" + bytes(40) + b"\xff\xd9"
SENSOR = {0x0100: (SHORT, [96]), 0x0101: (SHORT, [64]), 0x0106: (SHORT, [32803])}


def strip(tiff, data, compression):
    return {0x0103: (SHORT, [compression]), 0x0111: (LONG, [tiff.blob(data)]), 0x0117: (LONG, [len(data)])}


def pointer(tiff, data):
    return {0x0201: (LONG, [tiff.blob(data)]), 0x0202: (LONG, [len(data)])}


def thumbnail(tiff):
    """Uncompressed, 8 × 6."""
    size = {0x0100: (SHORT, [8]), 0x0101: (SHORT, [6]), 0x0102: (SHORT, [8, 8, 8]), 0x0115: (SHORT, [3])}
    return {**size, 0x0106: (SHORT, [2]), **strip(tiff, media.picture(8, 6).tobytes(), 1)}


def below(tiff, *directories):
    return {0x014A: (LONG, [tiff.directory(tags) for tags in directories])}


def dng():
    tiff = Tiff()
    sensor = {**SENSOR, **strip(tiff, LOSSLESS, 7)}
    preview = {0x0106: (SHORT, [6]), **strip(tiff, PREVIEW, 7)}
    version = {0xC612: (1, b"\1\4\0\0")}
    return tiff.file(tiff.directory({**thumbnail(tiff), **tiff.camera(), **version, **below(tiff, sensor, preview)}))


def nef():
    tiff = Tiff(">")
    preview, small = ({0x0103: (SHORT, [6]), **pointer(tiff, data)} for data in (PREVIEW, THUMBNAIL))
    sensor = {**SENSOR, **strip(tiff, bytes(64), 34713)}
    return tiff.file(tiff.directory({**thumbnail(tiff), **tiff.camera(), **below(tiff, small, sensor, preview)}))


def arw():
    tiff = Tiff()
    second = tiff.directory(pointer(tiff, THUMBNAIL))
    sensor = {**SENSOR, **strip(tiff, bytes(64), 32767)}
    main = {0x0103: (SHORT, [6]), **pointer(tiff, PREVIEW), **tiff.camera(), **below(tiff, sensor)}
    return tiff.file(tiff.directory(main, second))


def cr2():
    tiff = Tiff()
    # Canon's own header stands behind that of TIFF.
    tiff.data += b"CR\2\0" + bytes(4)
    sensor = tiff.directory(strip(tiff, LOSSLESS, 6))
    second = tiff.directory(pointer(tiff, THUMBNAIL), sensor)
    return tiff.file(tiff.directory({**strip(tiff, PREVIEW, 6), **tiff.camera()}, second))


def pef():
    tiff = Tiff(">")
    third = tiff.directory(pointer(tiff, PREVIEW))
    second = tiff.directory(pointer(tiff, THUMBNAIL), third)
    return tiff.file(tiff.directory({**SENSOR, **strip(tiff, bytes(64), 65535), **tiff.camera()}, second))


def orf():
    """Offsets in the notes count from the notes; the preview stands in them."""
    notes = bytearray(b"OLYMPUS\0II\3\0")
    tiff = Tiff(version=0x4F52)
    settings_at = 12 + 18
    preview_at = settings_at + 2 + 3 * 12 + 4
    notes += tiff.table({0x2020: (IFD, [settings_at])})
    notes += tiff.table({0x0100: (LONG, [1]), 0x0101: (LONG, [preview_at]), 0x0102: (LONG, [len(PREVIEW)])})
    assert len(notes) == preview_at
    exif = tiff.exif({0x927C: (UNDEFINED, bytes(notes) + PREVIEW)})
    return tiff.file(tiff.directory({**strip(tiff, bytes(64), 1), **tiff.camera(exif)}))


def rw2():
    tiff = Tiff(version=0x55)
    preview = jpeg(48, 32, exif=exif(6))
    return tiff.file(tiff.directory({0x002E: (UNDEFINED, preview), 0x010F: (ASCII, b"Panasonic\0"), 0x0112: (SHORT, [6])}))


def raf():
    preview = jpeg(48, 32, exif=exif(6))
    head = b"FUJIFILMCCD-RAW 0201FF129502X-T3".ljust(84, b"\0") + struct.pack(">II", 148, len(preview))
    return head.ljust(148, b"\0") + preview + bytes(64)


def box(kind, body):
    return struct.pack(">I", 8 + len(body)) + kind + body


def cr3():
    fields = []
    for number, tags in [
        (1, lambda tiff: {key: value for key, value in tiff.camera().items() if key < 0x8000}),
        (2, lambda tiff: {0x9003: (ASCII, TAKEN.encode() + b"\0"), 0x9011: (ASCII, b"+02:00\0")}),
        (4, None),
    ]:
        tiff = Tiff()
        fields.append(box(b"CMT%d" % number, tiff.file(tiff.directory(tags(tiff)) if tags else tiff.gps())))
    metadata = bytes.fromhex("85c0b687820f11e08111f4ce462b6a48") + box(b"CNCV", bytes(30)) + b"".join(fields)
    preview = bytes(6) + struct.pack(">HHHI", 48, 32, 1, len(PREVIEW)) + PREVIEW
    preview = bytes.fromhex("eaf42b5e1c984b88b9fbb7dc406e4d16") + bytes(8) + box(b"PRVW", preview)
    start = box(b"ftyp", b"crx \0\0\0\1crx isom") + box(b"moov", box(b"uuid", metadata))
    # The length of the last box takes 64 bits.
    return start + box(b"uuid", preview) + struct.pack(">I4sQ", 1, b"mdat", 16 + 64) + bytes(64)


def raws():
    stored = Image.open(io.BytesIO(PREVIEW)).convert("RGB")
    upright = stored.transpose(Image.Transpose.ROTATE_270)
    for make in (dng, nef, arw, cr2, pef, orf, rw2, raf, cr3):
        name = f"raw.{make.__name__}"
        (media.FOLDER / name).write_bytes(make())
        media.reference(name, upright)


if __name__ == "__main__":
    pictures()
    raws()
