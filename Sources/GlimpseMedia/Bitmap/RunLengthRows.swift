/// The places in the palette of all pixels of a BMP file with run lengths.
///
/// Each pair of bytes is a number of pixels and what they are. A number of 0 makes the second byte a command: 0 ends
/// the row, 1 the picture, 2 skips right and up by the two bytes that follow, others copy so many pixels, padded to an
/// even number of bytes. Skipped pixels have place 0. Runs end with their row.
struct RunLengthRows {
    /// [Y, X], in the order they are stored.
    private(set) var places: [UInt8]
    /// Whether all rows, or the mark that ends the picture, were there.
    private(set) var isComplete = false
    private let width: Int
    private var x = 0
    private var y = 0

    /// Decodes `data`, whose bytes are one pixel or, with four bits, two.
    init(_ data: [UInt8], width: Int, height: Int, bitCount: Int) {
        self.width = width
        places = [UInt8](repeating: 0, count: width * height)
        var next = 0
        while next + 1 < data.count, y < height {
            let (count, value) = (Int(data[next]), data[next + 1])
            next += 2
            switch (count, value) {
            case (1..., _):
                put(count) { bitCount == 8 ? value : $0 % 2 == 0 ? value >> 4 : value & 15 }
            case (_, 0):
                (x, y) = (0, y + 1)
            case (_, 1):
                isComplete = true
                return
            case (_, 2):
                guard next + 1 < data.count else { return }
                (x, y) = (min(x + Int(data[next]), width), y + Int(data[next + 1]))
                next += 2
            default:
                let byteCount = bitCount == 8 ? Int(value) : (Int(value) + 1) / 2
                guard next + byteCount <= data.count else { return }
                let copied = data[next..<next + byteCount]
                put(Int(value)) {
                    bitCount == 8
                        ? copied[copied.startIndex + $0]
                        : copied[copied.startIndex + $0 / 2] >> ($0 % 2 == 0 ? 4 : 0) & 15
                }
                next += byteCount + byteCount % 2
            }
        }
        isComplete = y >= height || y == height - 1 && x == width
    }

    private mutating func put(_ count: Int, _ place: (Int) -> UInt8) {
        let fitting = min(count, width - x)
        for index in 0..<fitting { places[y * width + x + index] = place(index) }
        x += fitting
    }
}
