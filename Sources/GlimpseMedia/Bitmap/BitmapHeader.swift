/// Why a BMP file cannot be read.
enum BitmapFailure: Error {
    case truncated
    case damaged
    /// It is of a kind that is not decoded, with its article.
    case unsupported(String)
}

/// What a BMP file says about its picture. Of the headers all that Windows and OS/2 wrote are read.
struct BitmapHeader {
    /// The sizes of the second header, which tell the versions apart; the smallest is laid out differently.
    static let sizes: Set<Int> = [12, 16, 40, 52, 56, 64, 108, 124]

    let width: Int
    let height: Int
    /// Whether rows are stored from the top; mostly they are not.
    let isTopDown: Bool
    /// The bits of a pixel: 1, 4 or 8 for a place in the palette, 16, 24 or 32 for its channels.
    let bitCount: Int
    /// Whether rows are runs of equal pixels.
    let isRunLength: Bool
    /// Where red, green, blue and alpha are in a pixel of channels.
    let masks: [UInt32]
    /// Where the palette is, the bytes of an entry, and the number of entries.
    let palette: (offset: Int, stride: Int, count: Int)
    /// Where the pixels are.
    let pixelOffset: Int

    /// The longest header; the shorter ones with what stands behind them are no longer.
    private static let mostBytes = 14 + 124
    private static let (runLength8, runLength4, bitFields, alphaBitFields) = (1, 2, 3, 6)

    /// Reads the headers.
    init(_ bytes: ByteSource) throws {
        let start = try bytes.read(at: 0, count: Self.mostBytes)
        func number(_ offset: Int, _ count: Int) throws -> Int {
            guard offset + count <= start.count else { throw BitmapFailure.truncated }
            return ByteOrder.littleEndian.integer(start[offset..<offset + count])
        }
        func signed(_ offset: Int) throws -> Int { Int(Int32(truncatingIfNeeded: try number(offset, 4))) }
        pixelOffset = try number(10, 4)
        let size = try number(14, 4)
        guard Self.sizes.contains(size) else { throw BitmapFailure.unsupported("a BMP picture of an unknown version") }
        let isFirstVersion = size == 12
        let storedHeight = isFirstVersion ? try number(20, 2) : try signed(22)
        width = isFirstVersion ? try number(18, 2) : try signed(18)
        height = abs(storedHeight)
        isTopDown = storedHeight < 0
        bitCount = try number(isFirstVersion ? 24 : 28, 2)
        let compression = size >= 40 ? try number(30, 4) : 0
        guard width > 0, height > 0 else { throw BitmapFailure.damaged }
        switch (compression, bitCount) {
        case (0, 1), (0, 4), (0, 8), (0, 24), (Self.runLength8, 8), (Self.runLength4, 4): masks = []
        case (0, 16): masks = [0x7C00, 0x03E0, 0x001F, 0]
        case (0, 32): masks = [0xFF_0000, 0xFF00, 0xFF, 0]
        case (Self.bitFields, 16), (Self.bitFields, 32), (Self.alphaBitFields, 16), (Self.alphaBitFields, 32):
            // OS/2 has a compression of its own by that number.
            guard size != 64 else { throw BitmapFailure.unsupported("a BMP picture of OS/2 with Huffman coding") }
            // The masks stand behind the header, or are part of it, at the same place.
            let hasAlpha = size >= 56 || compression == Self.alphaBitFields
            masks = try [54, 58, 62].map { UInt32(try number($0, 4)) } + [hasAlpha ? UInt32(number(66, 4)) : 0]
        case (4, _): throw BitmapFailure.unsupported("a BMP file around a JPEG")
        case (5, _): throw BitmapFailure.unsupported("a BMP file around a PNG")
        default:
            throw BitmapFailure.unsupported("a BMP picture of \(bitCount) bits a pixel with compression \(compression)")
        }
        isRunLength = masks.isEmpty && compression != 0
        let most = bitCount <= 8 ? 1 << bitCount : 0
        let told = size >= 40 ? try number(46, 4) : 0
        palette = (14 + size, isFirstVersion ? 3 : 4, told == 0 ? most : min(told, most))
    }
}
