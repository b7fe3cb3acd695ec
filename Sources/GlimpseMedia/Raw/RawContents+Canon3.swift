extension RawContents {
    /// What the boxes of Canon's own are known by.
    private static let metadata: [UInt8] = [
        0x85, 0xC0, 0xB6, 0x87, 0x82, 0x0F, 0x11, 0xE0, 0x81, 0x11, 0xF4, 0xCE, 0x46, 0x2B, 0x6A, 0x48,
    ]
    private static let preview: [UInt8] = [
        0xEA, 0xF4, 0x2B, 0x5E, 0x1C, 0x98, 0x4B, 0x88, 0xB9, 0xFB, 0xB7, 0xDC, 0x40, 0x6E, 0x4D, 0x16,
    ]

    /// CR3: boxes as in MPEG-4. One in `moov` has a small TIFF file for each directory of EXIF, one beside it the
    /// preview.
    mutating func readCanon3(_ bytes: ByteSource) throws {
        var directories: [String: TiffDirectory] = [:]
        for box in try Self.boxes(of: bytes, in: 0..<bytes.count) {
            if box.kind == "moov" {
                for inner in try Self.boxes(of: bytes, in: box.body) where inner.kind == "uuid" {
                    guard let body = try Self.body(of: inner, named: Self.metadata, in: bytes) else { continue }
                    for field in try Self.boxes(of: bytes, in: body) {
                        directories[field.kind] = try TiffFile(bytes, at: field.body.lowerBound)?.mainDirectory()
                    }
                }
            } else if box.kind == "uuid", let body = try Self.body(of: box, named: Self.preview, in: bytes) {
                // Eight bytes are of no use here.
                for inner in try Self.boxes(of: bytes, in: body.dropFirst(8)) where inner.kind == "PRVW" {
                    // Of its 16 bytes of header the last four are the JPEG's length.
                    let start = inner.body.lowerBound + 16
                    let length = ByteOrder.bigEndian.integer(try bytes.read(at: start - 4, count: 4))
                    previews.append(start..<start + length)
                }
            }
        }
        exif = ExifDirectories(main: directories["CMT1"], exif: directories["CMT2"], gps: directories["CMT4"])
    }

    /// The boxes in `range`, 64 at most: a length of 32 bits that counts itself, four characters, the body. A length of
    /// 1 means that 64 bits of it follow, 0 that the box is the last.
    private static func boxes(of bytes: ByteSource, in range: Range<Int>) throws -> [(kind: String, body: Range<Int>)] {
        var found: [(kind: String, body: Range<Int>)] = []
        var place = range.lowerBound
        while place < range.upperBound, found.count < 64 {
            let header = try bytes.read(at: place, count: 16)
            guard header.count >= 8 else { break }
            var length = ByteOrder.bigEndian.integer(header.prefix(4))
            var headerLength = 8
            if length == 1 {
                // Nothing is as long as the upper byte would tell.
                guard header.count == 16, header[8] == 0 else { break }
                length = ByteOrder.bigEndian.integer(header[9...])
                headerLength = 16
            } else if length == 0 {
                length = range.upperBound - place
            }
            guard length >= headerLength else { break }
            found.append(
                (String(decoding: header[4..<8], as: UTF8.self), place + headerLength..<place + length))
            place += length
        }
        return found
    }

    /// What follows the 16 bytes that name a box of one's own; nil when they are others.
    private static func body(
        of box: (kind: String, body: Range<Int>), named name: [UInt8], in bytes: ByteSource
    ) throws -> Range<Int>? {
        guard box.body.count >= 24, try bytes.read(at: box.body.lowerBound, count: 16) == name else { return nil }
        return box.body.dropFirst(16)
    }
}
