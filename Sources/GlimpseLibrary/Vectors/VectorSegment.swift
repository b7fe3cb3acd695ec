import Foundation

/// Some rows of a model's vectors, in memory of their own or in a mapped file, and the content each row belongs to.
///
/// Sendable because nothing changes after `init`: the memory is written only while a segment is being made, is owned by it
/// alone, and a mapped file is private to the process and replaced, never rewritten, by others.
final class VectorSegment: @unchecked Sendable {
    private enum Memory {
        case allocated
        case mapped(UnsafeMutableRawPointer, byteCount: Int, descriptor: Int32)
    }

    /// How many rows there are.
    let count: Int
    /// Content ids, [count].
    let contentIDs: UnsafePointer<Int64>
    /// Vectors, [count, stride]; what lies beyond the dimension is zero. Aligned to 64 bytes.
    let rows: UnsafePointer<Float>
    /// The same rows rounded, where the segment is a large file's.
    let quantized: QuantizedRows?
    private let memory: Memory

    /// The distance of two rows in floats: the dimension, rounded up so that every row begins a cache line.
    static func stride(ofDimension dimension: Int) -> Int { (dimension + 15) / 16 * 16 }

    /// Takes over a mapped region that holds ids and rows at the given offsets, and the file it is of.
    init(
        mapped region: UnsafeMutableRawPointer, of descriptor: Int32, _ layout: VectorFileLayout,
        quantizationError: Float
    ) {
        count = layout.count
        contentIDs = UnsafePointer((region + VectorFileLayout.idsOffset).assumingMemoryBound(to: Int64.self))
        rows = UnsafePointer((region + layout.rowsOffset).assumingMemoryBound(to: Float.self))
        quantized =
            layout.isQuantized
            ? QuantizedRows(
                integers: UnsafePointer((region + layout.quantizedOffset).assumingMemoryBound(to: Int8.self)),
                scales: UnsafePointer((region + layout.scalesOffset).assumingMemoryBound(to: Float.self)),
                error: quantizationError)
            : nil
        memory = .mapped(region, byteCount: layout.byteCount, descriptor: descriptor)
    }

    /// Allocates `count` rows and has `fill` write ids and rows; rows are zero at first.
    init(
        count: Int, dimension: Int,
        fill: (_ contentIDs: UnsafeMutablePointer<Int64>, _ rows: UnsafeMutablePointer<Float>) throws -> Void
    ) rethrows {
        let floatCount = count * Self.stride(ofDimension: dimension)
        let rows = UnsafeMutableRawPointer.allocate(byteCount: max(64, floatCount * 4), alignment: 64)
            .initializeMemory(as: Float.self, repeating: 0, count: floatCount)
        let contentIDs = UnsafeMutablePointer<Int64>.allocate(capacity: max(1, count))
        contentIDs.initialize(repeating: 0, count: count)
        self.count = count
        self.contentIDs = UnsafePointer(contentIDs)
        self.rows = UnsafePointer(rows)
        quantized = nil
        memory = .allocated
        try fill(contentIDs, rows)
    }

    /// One segment with the rows of several, in their order.
    convenience init(joining segments: [VectorSegment], dimension: Int) {
        let stride = Self.stride(ofDimension: dimension)
        self.init(count: segments.reduce(0) { $0 + $1.count }, dimension: dimension) { contentIDs, rows in
            var row = 0
            for segment in segments {
                (contentIDs + row).update(from: segment.contentIDs, count: segment.count)
                (rows + row * stride).update(from: segment.rows, count: segment.count * stride)
                row += segment.count
            }
        }
    }

    deinit {
        switch memory {
        case .allocated:
            contentIDs.deallocate()
            rows.deallocate()
        case .mapped(let region, let byteCount, let descriptor):
            munmap(region, byteCount)
            close(descriptor)
        }
    }

    /// Copies a row, without the memory that a look into a mapped file would take: the system maps sixteen pages for each that is touched.
    ///
    /// - Parameters:
    ///   - row: Its number.
    ///   - target: As long as a row is with what lies beyond its dimension.
    func read(_ row: Int, into target: UnsafeMutableBufferPointer<Float>) {
        let start = rows + row * target.count
        if case .mapped(let region, _, let descriptor) = memory {
            let offset = UnsafeRawPointer(start) - UnsafeRawPointer(region)
            let byteCount = target.count * MemoryLayout<Float>.stride
            if pread(descriptor, target.baseAddress, byteCount, off_t(offset)) == byteCount { return }
        }
        target.baseAddress?.update(from: start, count: target.count)
    }
}
