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
    /// The same rows rounded, [rows, quantizedStride].
    private var quantizedBlock: [Int8] = []
    private var scales: [Float] = []
    /// How many rows are written.
    private var writtenCount = 0
    /// The largest error of a rounded row so far.
    private var quantizationError: Float = 0

    init(path: String, layout: VectorFileLayout, dimension: Int) throws {
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw LibraryError(systemError: errno, action: "write vectors", path: path) }
        self.path = path
        self.layout = layout
        self.dimension = dimension
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
        for row in 0..<segment.count {
            let values = UnsafeBufferPointer(start: segment.rows + row * layout.stride, count: dimension)
            try append(contentID: segment.contentIDs[row]) { _ = $0.update(from: values) }
        }
    }

    /// Writes what is left and the header, and waits until the disk has it: a file that looks whole after a power failure is.
    mutating func finish(_ header: (_ quantizationError: Float) -> VectorFileHeader) throws {
        try flush()
        precondition(contentIDs.count == layout.count, "VectorFileWriter: \(contentIDs.count) of \(layout.count) rows")
        try scales.withUnsafeBytes { try write($0, at: layout.scalesOffset) }
        try contentIDs.withUnsafeBytes { ids in
            try write(ids, at: VectorFileLayout.idsOffset)
            try header(quantizationError).encoded(contentIDs: ids).withUnsafeBytes { try write($0, at: 0) }
        }
        guard fsync(descriptor) == 0 else {
            throw LibraryError(systemError: errno, action: "write vectors", path: path)
        }
    }

    private mutating func flush() throws {
        let count = block.count / layout.stride
        try block.withUnsafeBytes { try write($0, at: layout.rowsOffset + writtenCount * layout.rowByteCount) }
        if layout.isQuantized {
            quantize(count)
            try quantizedBlock.withUnsafeBytes {
                try write($0, at: layout.quantizedOffset + writtenCount * layout.quantizedStride)
            }
        }
        writtenCount += count
        block.removeAll(keepingCapacity: true)
    }

    private mutating func quantize(_ count: Int) {
        quantizedBlock = [Int8](repeating: 0, count: count * layout.quantizedStride)
        for row in 0..<count {
            let rounding = block.withUnsafeBufferPointer { values in
                quantizedBlock.withUnsafeMutableBufferPointer { integers in
                    QuantizedRows.quantize(
                        UnsafeBufferPointer(rebasing: values[row * layout.stride..<row * layout.stride + dimension]),
                        into: UnsafeMutableBufferPointer(
                            rebasing: integers[row * layout.quantizedStride..<(row + 1) * layout.quantizedStride]))
                }
            }
            scales.append(rounding.scale)
            quantizationError = max(quantizationError, rounding.error)
        }
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
