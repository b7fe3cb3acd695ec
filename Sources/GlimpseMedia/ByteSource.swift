/// Encoded bytes that are read in pieces: those of a file, or of memory.
struct ByteSource {
    /// How many there are.
    let count: Int
    private let piece: (_ offset: Int, _ count: Int) throws -> [UInt8]

    /// The bytes of `file`.
    init(_ file: RegularFile) {
        count = file.byteCount
        piece = file.read
    }

    /// Bytes in memory, which must outlive the value.
    init(_ bytes: UnsafeRawBufferPointer) {
        count = bytes.count
        piece = { Array(bytes[$0..<$0 + $1]) }
    }

    /// Up to `count` bytes at `offset`: fewer, or none, where there are no more. Any numbers may be asked for.
    func read(at offset: Int, count: Int) throws -> [UInt8] {
        guard offset >= 0, offset < self.count, count > 0 else { return [] }
        return try piece(offset, min(count, self.count - offset))
    }
}

/// Which byte of a number comes first.
enum ByteOrder: Hashable {
    case littleEndian
    case bigEndian

    /// The number that up to seven bytes are.
    func integer(_ bytes: some BidirectionalCollection<UInt8>) -> Int {
        switch self {
        case .littleEndian: bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
        case .bigEndian: bytes.reduce(0) { $0 << 8 | Int($1) }
        }
    }
}
