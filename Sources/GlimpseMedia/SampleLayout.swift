/// How the samples of a decoded row are ordered, and how they become RGB: eight bits a sample, interleaved.
enum SampleLayout: Hashable {
    case gray
    case grayAlpha
    case rgb
    case rgbAlpha
    /// Ink coverage: 255 is full ink. libvips turns the inverted inks of CMYK JPEGs round, all of them, as Pillow does.
    case cmyk

    /// The signature of the colour space in an ICC profile that fits (bytes 16…19 of its header).
    var profileSignature: String {
        switch self {
        case .gray, .grayAlpha: "GRAY"
        case .rgb, .rgbAlpha: "RGB "
        case .cmyk: "CMYK"
        }
    }

    /// Converts one row, [X, bands], bands ≥ the layout's own, to RGB, [X, 3].
    ///
    /// Transparent pixels are laid on white. The integer formulas are Pillow's, so that pictures come out as they do there.
    func convert(_ row: UnsafeBufferPointer<UInt8>, bands: Int, to rgb: UnsafeMutableBufferPointer<UInt8>) {
        let width = rgb.count / 3
        switch self {
        case .gray:
            for x in 0..<width { Self.set(rgb, x, row[x * bands], row[x * bands], row[x * bands]) }
        case .grayAlpha:
            for x in 0..<width {
                let value = Self.onWhite(row[x * bands], alpha: row[x * bands + 1])
                Self.set(rgb, x, value, value, value)
            }
        case .rgb:
            if bands == 3 {
                _ = rgb.update(fromContentsOf: row.prefix(3 * width))
                return
            }
            for x in 0..<width { Self.set(rgb, x, row[x * bands], row[x * bands + 1], row[x * bands + 2]) }
        case .rgbAlpha:
            for x in 0..<width {
                let (at, alpha) = (x * bands, row[x * bands + 3])
                Self.set(
                    rgb, x, Self.onWhite(row[at], alpha: alpha), Self.onWhite(row[at + 1], alpha: alpha),
                    Self.onWhite(row[at + 2], alpha: alpha))
            }
        case .cmyk:
            for x in 0..<width {
                let (at, white) = (x * bands, 255 - Int32(row[x * bands + 3]))
                Self.set(
                    rgb, x, Self.inked(row[at], white: white), Self.inked(row[at + 1], white: white),
                    Self.inked(row[at + 2], white: white))
            }
        }
    }

    @inline(__always)
    private static func set(_ rgb: UnsafeMutableBufferPointer<UInt8>, _ x: Int, _ r: UInt8, _ g: UInt8, _ b: UInt8) {
        rgb[3 * x] = r
        rgb[3 * x + 1] = g
        rgb[3 * x + 2] = b
    }

    /// value · alpha + 255 · (1 − alpha), rounded.
    @inline(__always)
    private static func onWhite(_ value: UInt8, alpha: UInt8) -> UInt8 {
        UInt8(truncatingIfNeeded: dividedBy255(Int32(value) * Int32(alpha) + 255 * (255 - Int32(alpha))))
    }

    /// What an ink leaves of `white`, the light that black ink lets through.
    @inline(__always)
    private static func inked(_ ink: UInt8, white: Int32) -> UInt8 {
        UInt8(truncatingIfNeeded: white - dividedBy255(Int32(ink) * white))
    }

    /// product / 255 rounded to the nearest, for 0…255².
    @inline(__always)
    private static func dividedBy255(_ product: Int32) -> Int32 {
        let biased = product + 128
        return ((biased >> 8) + biased) >> 8
    }
}
