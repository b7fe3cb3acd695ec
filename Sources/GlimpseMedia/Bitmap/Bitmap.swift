/// Decodes BMP pictures, in Swift because the only reader libvips has for them is ImageMagick, which is not trusted
/// with unknown files.
///
/// Read are 1, 4, 8, 16, 24 and 32 bits a pixel, run lengths, bit fields, and rows in either order. Transparency, which
/// only newer versions have, is laid on white; colour profiles are not applied.
struct Bitmap {
    /// What the file says about its picture.
    let header: BitmapHeader
    private let bytes: ByteSource

    /// Reads the headers in `bytes`.
    ///
    /// - Throws: `BitmapFailure`, or what reading throws; so do the other functions.
    init(_ bytes: ByteSource) throws {
        header = try BitmapHeader(bytes)
        self.bytes = bytes
    }

    /// Decodes all pixels.
    func pixels() throws -> Pixels {
        if header.isRunLength { return try runLengthPixels() }
        let rowByteCount = (header.width * header.bitCount + 7) / 8
        let stride = (rowByteCount + 3) / 4 * 4
        // Before memory is taken for a picture that is not there.
        guard header.height <= bytes.count,
            header.pixelOffset + stride * (header.height - 1) + rowByteCount <= bytes.count
        else { throw BitmapFailure.truncated }
        func stored(_ y: Int) throws -> [UInt8] {
            let row = try bytes.read(at: header.pixelOffset + stride * y, count: rowByteCount)
            guard row.count == rowByteCount else { throw BitmapFailure.truncated }
            return row
        }
        let convert = try rowConverter(stored)
        return try filled { row, y in try convert(stored(y), row) }
    }

    private func runLengthPixels() throws -> Pixels {
        let data = try bytes.read(at: header.pixelOffset, count: bytes.count)
        let rows = RunLengthRows(data, width: header.width, height: header.height, bitCount: header.bitCount)
        guard rows.isComplete else { throw BitmapFailure.truncated }
        let palette = try palette()
        return try filled { row, y in
            for x in 0..<header.width { Self.set(row, x, palette[Int(rows.places[y * header.width + x])]) }
        }
    }

    /// The picture whose rows `fill` writes; it gets their numbers as they are stored.
    private func filled(_ fill: (UnsafeMutableBufferPointer<UInt8>, Int) throws -> Void) throws -> Pixels {
        try Pixels(width: header.width, height: header.height) { rgb in
            let rgb = rgb.bindMemory(to: UInt8.self)
            let rowByteCount = 3 * header.width
            for y in 0..<header.height {
                let top = (header.isTopDown ? y : header.height - 1 - y) * rowByteCount
                try fill(UnsafeMutableBufferPointer(rebasing: rgb[top..<top + rowByteCount]), y)
            }
        }
    }

    /// What makes RGB, [X, 3], of the bytes of a row. `stored` gives those of any row.
    private func rowConverter(
        _ stored: (_ y: Int) throws -> [UInt8]
    ) throws -> ([UInt8], UnsafeMutableBufferPointer<UInt8>) -> Void {
        let width = header.width
        switch header.bitCount {
        case 24:
            return { stored, rgb in
                for x in 0..<width { Self.set(rgb, x, (stored[3 * x + 2], stored[3 * x + 1], stored[3 * x])) }
            }
        case 16, 32:
            // Many programs leave alpha 0 everywhere and mean no transparency.
            let alpha = try BitmapChannel(mask: header.masks[3])
            let hasAlpha =
                try header.masks[3] != 0
                && (0..<header.height).contains { y in
                    let row = try stored(y)
                    return (0..<width).contains { alpha.level(pixel(row, $0)) > 0 }
                }
            return try channelConverter(hasAlpha: hasAlpha)
        default:
            let palette = try palette()
            let bitCount = header.bitCount
            let perByte = 8 / bitCount
            return { stored, rgb in
                for x in 0..<width {
                    // The first pixel has the upper bits.
                    let place =
                        stored[x / perByte] >> (8 - bitCount - x % perByte * bitCount) & UInt8(1 << bitCount - 1)
                    Self.set(rgb, x, palette[Int(place)])
                }
            }
        }
    }

    private func channelConverter(
        hasAlpha: Bool
    ) throws -> ([UInt8], UnsafeMutableBufferPointer<UInt8>) -> Void {
        let channels = try header.masks.prefix(hasAlpha ? 4 : 3).map(BitmapChannel.init)
        let width = header.width
        return { stored, rgb in
            var samples = [UInt8](repeating: 0, count: width * channels.count)
            for x in 0..<width {
                let pixel = pixel(stored, x)
                for (index, channel) in channels.enumerated() {
                    samples[channels.count * x + index] = channel.level(pixel)
                }
            }
            samples.withUnsafeBufferPointer {
                (hasAlpha ? SampleLayout.rgbAlpha : .rgb).convert($0, bands: channels.count, to: rgb)
            }
        }
    }

    /// A pixel of 16 or 32 bits.
    private func pixel(_ row: [UInt8], _ x: Int) -> UInt32 {
        let at = header.bitCount / 8 * x
        let lower = UInt32(row[at]) | UInt32(row[at + 1]) << 8
        return header.bitCount == 16 ? lower : lower | UInt32(row[at + 2]) << 16 | UInt32(row[at + 3]) << 24
    }

    private typealias Color = (red: UInt8, green: UInt8, blue: UInt8)

    /// The 256 colours that a pixel may name; those the file does not have are black.
    private func palette() throws -> [Color] {
        let (offset, stride, count) = header.palette
        let stored = try bytes.read(at: offset, count: stride * count)
        var colors = (0..<stored.count / stride).map {
            Color(stored[stride * $0 + 2], stored[stride * $0 + 1], stored[stride * $0])
        }
        colors += Array(repeating: (0, 0, 0), count: 256 - colors.count)
        return colors
    }

    @inline(__always)
    private static func set(_ rgb: UnsafeMutableBufferPointer<UInt8>, _ x: Int, _ color: Color) {
        rgb[3 * x] = color.red
        rgb[3 * x + 1] = color.green
        rgb[3 * x + 2] = color.blue
    }
}
