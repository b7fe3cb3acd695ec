/// A raw photograph: what a camera's sensor saw, with a JPEG of it that the camera developed. That preview is what is
/// decoded.
///
/// Read are the formats built like TIFF (CR2, NEF, NRW, ARW, DNG, ORF, RW2, PEF, SRW), RAF, and CR3. Of several
/// previews the one with the most pixels is taken; in CR3 the one of 1620 × 1080.
struct RawPhotograph {
    /// Where the preview is in the file.
    let preview: Range<Int>
    /// What the camera says of the photograph; previews often lack it.
    let exif: ExifDirectories

    /// Finds the preview.
    ///
    /// - Throws: `MediaError` with code `truncated` when a preview lies beyond the end of the file, `unsupportedFormat`
    ///   when there is none.
    init(_ bytes: ByteSource, name: String) throws {
        let contents = try RawContents(bytes)
        var best: EmbeddedJPEG?
        for range in contents.previews where !range.isEmpty {
            guard range.upperBound <= bytes.count else {
                throw MediaError(
                    .truncated, path: name,
                    message: "the raw photograph is cut off: the file ends after \(bytes.count) bytes, "
                        + "its preview after \(range.upperBound)",
                    remedy: "Copy it again.")
            }
            guard let found = try EmbeddedJPEG(in: bytes, at: range) else { continue }
            if found.pixelCount > best?.pixelCount ?? 0 { best = found }
        }
        guard let best else {
            throw MediaError(
                .unsupportedFormat, path: name,
                message: "this is a raw photograph without a JPEG preview, which Glimpse does not read",
                remedy: "Develop it to JPEG, or convert it to a DNG with previews.")
        }
        preview = best.range
        exif = contents.exif
    }
}

/// Where the previews of a raw photograph may be, and its EXIF, by the format's own way to tell.
struct RawContents {
    /// Bytes that are said to be a JPEG. Nothing is checked.
    var previews: [Range<Int>] = []
    var exif = ExifDirectories()

    /// Reads what `bytes` say; there are no previews when it is no raw photograph.
    init(_ bytes: ByteSource) throws {
        let start = try bytes.read(at: 0, count: 12)
        if start.starts(with: "FUJIFILM".utf8) {
            try readFujifilm(bytes)
        } else if start.dropFirst(4).starts(with: "ftyp".utf8) {
            try readCanon3(bytes)
        } else if let file = try TiffFile(bytes) {
            try readTiff(file)
        }
    }

    /// RAF: offset and length of the JPEG stand at byte 84; it has the photograph's EXIF.
    private mutating func readFujifilm(_ bytes: ByteSource) throws {
        let place = try bytes.read(at: 84, count: 8)
        guard place.count == 8 else { return }
        let offset = ByteOrder.bigEndian.integer(place.prefix(4))
        previews = [offset..<offset + ByteOrder.bigEndian.integer(place.suffix(4))]
    }
}
