/// A picture of a picture in 1,056 bytes, by which copies of it are recognised: 32 × 32 levels of luma, and 4 × 4 of each chroma.
///
/// The whole picture is squeezed into the square, whatever its aspect ratio, so that resized copies have the same signature
/// and a part of the picture is a rectangle of the signature. Luma and chroma are JPEG's (ITU-T T.871).
public struct PictureSignature: Sendable, Hashable {
    /// The length of `bytes`.
    public static let byteCount = lumaCount + 2 * chromaCount

    /// The luma levels along each axis.
    static let side = 32
    static let lumaCount = side * side
    /// The chroma levels along each axis.
    static let chromaSide = 4
    static let chromaCount = chromaSide * chromaSide

    /// Luma [32, 32], blue difference [4, 4], red difference [4, 4], rows from the top; grey is 128.
    public let bytes: [UInt8]

    /// Takes a signature that was computed before; nil unless it has `byteCount` bytes.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        self.bytes = Array(bytes)
    }

    /// Computes the signature of a picture.
    ///
    /// - Complexity: O(width) for all but small pictures: at most 256 rows are read.
    public init(of pixels: Pixels) {
        let small = pixels.reduced(toCells: 4 * Self.side).resized(
            width: Self.side, height: Self.side, filter: .bilinear)
        var bytes = [UInt8](repeating: 0, count: Self.byteCount)
        var blue = [Float](repeating: 0, count: Self.chromaCount)
        var red = blue
        let block = Self.side / Self.chromaSide
        small.withUnsafeBytes { rgb in
            for y in 0..<Self.side {
                for x in 0..<Self.side {
                    let index = y * Self.side + x
                    let (r, g, b) = (Float(rgb[3 * index]), Float(rgb[3 * index + 1]), Float(rgb[3 * index + 2]))
                    bytes[index] = UInt8(0.299 * r + 0.587 * g + 0.114 * b + 0.5)
                    let cell = y / block * Self.chromaSide + x / block
                    blue[cell] += -0.168_736 * r - 0.331_264 * g + 0.5 * b
                    red[cell] += 0.5 * r - 0.418_688 * g - 0.081_312 * b
                }
            }
        }
        let scale = 1 / Float(block * block)
        for cell in 0..<Self.chromaCount {
            bytes[Self.lumaCount + cell] = UInt8(min(255, blue[cell] * scale + 128.5))
            bytes[Self.lumaCount + Self.chromaCount + cell] = UInt8(min(255, red[cell] * scale + 128.5))
        }
        self.bytes = bytes
    }

    /// The signature of the picture turned upright from an orientation.
    public func upright(from orientation: Orientation) -> PictureSignature {
        if orientation == .up { return self }
        var turned = [UInt8](repeating: 0, count: Self.byteCount)
        for (offset, side) in [
            (0, Self.side), (Self.lumaCount, Self.chromaSide), (Self.lumaCount + Self.chromaCount, Self.chromaSide),
        ] {
            let walk = orientation.walk(width: side, height: side)
            for y in 0..<side {
                for x in 0..<side {
                    turned[offset + y * side + x] = bytes[offset + walk.start + x * walk.stepX + y * walk.stepY]
                }
            }
        }
        return PictureSignature(unchecked: turned)
    }

    private init(unchecked bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// How much the luma varies: its standard deviation, in levels. Below 2 there is nothing to recognise a picture by.
    public var contrast: Float {
        var (sum, squares) = (0, 0)
        for level in bytes[..<Self.lumaCount] {
            sum += Int(level)
            squares += Int(level) * Int(level)
        }
        let count = Float(Self.lumaCount)
        let mean = Float(sum) / count
        return max(0, Float(squares) / count - mean * mean).squareRoot()
    }

    /// Whether no colour is to be seen: a grey picture may be the copy of one in colour.
    var isGray: Bool {
        bytes[Self.lumaCount...].allSatisfy { (126...130).contains($0) }
    }
}
