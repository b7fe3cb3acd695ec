import Foundation

/// Writes a file of vectors from the front to the back, a block at a time; the header comes last.
struct VectorFileWriter: ~Copyable {
    private static let blockByteCount = 1 << 20

    private let path: String
    private let descriptor: Int32
    private let layout: VectorFileLayout
    private let dimension: Int
    private var contentIDs: [Int64] = []
    /// Rows that are not written yet, [rows, stride].
    private var block: [Float] = []
    private var offset: Int

    init(path: String, layout: VectorFileLayout, dimension: Int) throws {
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw LibraryError(systemError: errno, action: "write vectors", path: path) }
        self.path = path
        self.layout = layout
        self.dimension = dimension
        offset = layout.rowsOffset
        contentIDs.reserveCapacity(layout.count)
    }

    deinit { close(descriptor) }

    /// Adds a row that `decode` writes, [dimension].
    mutating func append(
        contentID: Int64, decode: (UnsafeMutableBufferPointer<Float>) throws -> Void
    ) throws {
        let start = block.count
        block.append(contentsOf: repeatElement(0, count: layout.stride))
        try block.withUnsafeMutableBufferPointer {
            try decode(UnsafeMutableBufferPointer(rebasing: $0[start..<(start + dimension)]))
        }
        contentIDs.append(contentID)
        if block.count * 4 >= Self.blockByteCount { try flush() }
    }

    /// Adds all rows of a segment of the same dimension.
    mutating func append(_ segment: VectorSegment) throws {
        try flush()
        contentIDs.append(contentsOf: UnsafeBufferPointer(start: segment.contentIDs, count: segment.count))
        let rows = UnsafeRawBufferPointer(start: segment.rows, count: segment.count * layout.rowByteCount)
        try write(rows, at: offset)
        offset += rows.count
    }

    /// Writes what is left and the header, and waits until the disk has it: a file that looks whole after a power failure is.
    mutating func finish(_ header: VectorFileHeader) throws {
        try flush()
        precondition(contentIDs.count == layout.count, "VectorFileWriter: \(contentIDs.count) of \(layout.count) rows")
        try contentIDs.withUnsafeBytes { ids in
            try write(ids, at: VectorFileLayout.idsOffset)
            try header.encoded(contentIDs: ids).withUnsafeBytes { try write($0, at: 0) }
        }
        guard fsync(descriptor) == 0 else {
            throw LibraryError(systemError: errno, action: "write vectors", path: path)
        }
    }

    private mutating func flush() throws {
        try block.withUnsafeBytes { try write($0, at: offset) }
        offset += block.count * 4
        block.removeAll(keepingCapacity: true)
    }

    private func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws {
        var done = 0
        while done < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
            let count = pwrite(descriptor, rest.baseAddress, rest.count, off_t(offset + done))
            if count >= 0 {
                done += count
            } else if errno != EINTR {
                throw LibraryError(systemError: errno, action: "write vectors", path: path)
            }
        }
    }
}
