/// A run of bytes of a mapped file or of memory, which it keeps alive; a cheap value.
public struct ByteRegion: Sendable {
    private enum Owner: Sendable {
        case mapped(MappedFile)
        case memory([UInt8])
    }

    private let owner: Owner
    /// Where the region starts in its file or array, in bytes.
    public let offset: Int
    /// The length in bytes.
    public let count: Int

    /// The whole of a mapped file.
    public init(_ file: MappedFile) {
        owner = .mapped(file)
        offset = 0
        count = file.count
    }

    /// The whole of an array.
    public init(_ bytes: [UInt8]) {
        owner = .memory(bytes)
        offset = 0
        count = bytes.count
    }

    private init(owner: Owner, offset: Int, count: Int) {
        self.owner = owner
        self.offset = offset
        self.count = count
    }

    /// A part of the region, or nil where it does not lie within.
    public func part(offset partOffset: Int, count partCount: Int) -> ByteRegion? {
        guard partOffset >= 0, partCount >= 0, partOffset <= count, partCount <= count - partOffset else { return nil }
        return ByteRegion(owner: owner, offset: offset + partOffset, count: partCount)
    }

    /// Where the region lies in a mapped file, which keeps it readable; nil for one in memory.
    var mapping: (start: UnsafeRawPointer, file: MappedFile)? {
        guard case .mapped(let file) = owner, let base = file.base else { return nil }
        return (UnsafeRawPointer(base + offset), file)
    }

    /// Gives the region's bytes; they must not be used after `body` returns.
    public func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        switch owner {
        case .mapped(let file):
            try file.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[offset..<offset + count])) }
        case .memory(let array):
            try array.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[offset..<offset + count])) }
        }
    }
}
