/// A JPEG file inside of another file.
struct EmbeddedJPEG {
    /// The bytes it takes.
    let range: Range<Int>
    /// Its size by the header.
    let pixelCount: Int

    /// Looks for a JPEG picture that everybody can decode; nil when there is none in `range`.
    ///
    /// Raw sensor data is often stored as a JPEG too, of the lossless kind, which is told apart here.
    init?(in bytes: ByteSource, at range: Range<Int>) throws {
        guard try bytes.read(at: range.lowerBound, count: 2) == [0xFF, 0xD8] else { return nil }
        var place = range.lowerBound + 2
        // Real files have some twenty segments before the one that tells the size.
        for _ in 0..<200 {
            // Marker, length; in a frame's header then the bits of a sample, height, width, components.
            let segment = try bytes.read(at: place, count: 10)
            guard segment.count == 10, place < range.upperBound, segment[0] == 0xFF else { return nil }
            switch segment[1] {
            case 0xFF:
                place += 1
            case 0xC0, 0xC1, 0xC2:
                guard segment[4] == 8, [1, 3].contains(segment[9]) else { return nil }
                self.range = range
                pixelCount = ByteOrder.bigEndian.integer(segment[5..<7]) * ByteOrder.bigEndian.integer(segment[7..<9])
                return
            case 0xC4, 0xDB, 0xDD, 0xE0...0xEF, 0xFE:
                place += 2 + max(ByteOrder.bigEndian.integer(segment[2..<4]), 2)
            default:
                return nil
            }
        }
        return nil
    }
}
