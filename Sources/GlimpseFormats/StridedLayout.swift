/// How a tensor's elements lie in its storage: element (i₀, i₁, …) is at `offset + Σ iₖ · strides[k]`, in elements.
struct StridedLayout: Hashable, Sendable {
    let shape: [Int]
    let strides: [Int]
    let offset: Int
    /// The product of the shape.
    let elementCount: Int

    /// A tensor that repeats elements through a stride of 0 may be larger than its storage only up to this, so that a
    /// small file cannot claim memory without end.
    static let broadcastLimit = 1 << 24

    /// Row-major and dense; nil where a dimension is negative or the product overflows.
    init?(contiguous shape: [Int]) {
        guard let (strides, count) = Self.rowMajor(shape) else { return nil }
        self.shape = shape
        self.strides = strides
        offset = 0
        elementCount = count
    }

    /// Any strides within a storage of `storageCount` elements; the message of the error says what does not fit.
    init(shape: [Int], strides: [Int], offset: Int, storageCount: Int) throws(LayoutError) {
        guard shape.count == strides.count else {
            throw LayoutError("shape \(shape) has \(shape.count) dimensions, strides \(strides) have \(strides.count)")
        }
        guard let (_, count) = Self.rowMajor(shape) else { throw LayoutError("impossible shape \(shape)") }
        guard offset >= 0, strides.allSatisfy({ $0 >= 0 }) else {
            throw LayoutError("negative stride or offset: \(strides), \(offset)")
        }
        if count > 0 {
            var last = offset
            for (size, stride) in zip(shape, strides) {
                let (span, overflow) = (size - 1).multipliedReportingOverflow(by: stride)
                let (sum, carry) = last.addingReportingOverflow(span)
                guard !overflow, !carry else { throw LayoutError("strides \(strides) of shape \(shape) overflow") }
                last = sum
            }
            guard last < storageCount else {
                throw LayoutError(
                    "shape \(shape), strides \(strides), offset \(offset) reach element \(last); "
                        + "the storage has \(storageCount)")
            }
            guard count <= max(storageCount, Self.broadcastLimit) else {
                throw LayoutError("shape \(shape) repeats \(storageCount) elements into \(count)")
            }
        }
        self.shape = shape
        self.strides = strides
        self.offset = offset
        elementCount = count
    }

    /// Whether the elements follow one another in row-major order.
    var isContiguous: Bool {
        var expected = 1
        for (size, stride) in zip(shape, strides).reversed() where size != 1 {
            if stride != expected { return elementCount == 0 }
            expected *= size
        }
        return true
    }

    /// Copies the elements, row-major, from storage bytes that hold the whole layout.
    ///
    /// - Complexity: O(elements).
    func gather(from storage: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer, elementSize: Int) {
        guard elementCount > 0 else { return }
        let innerSize = shape.last ?? 1
        let innerStride = (strides.last ?? 1) * elementSize
        var index = [Int](repeating: 0, count: max(shape.count - 1, 0))
        var start = offset * elementSize
        var position = 0
        while true {
            var source = start
            for _ in 0..<innerSize {
                for byte in 0..<elementSize { output[position + byte] = storage[source + byte] }
                position += elementSize
                source += innerStride
            }
            var dimension = index.count - 1
            while dimension >= 0 {
                index[dimension] += 1
                start += strides[dimension] * elementSize
                if index[dimension] < shape[dimension] { break }
                start -= index[dimension] * strides[dimension] * elementSize
                index[dimension] = 0
                dimension -= 1
            }
            if dimension < 0 { return }
        }
    }

    private static func rowMajor(_ shape: [Int]) -> (strides: [Int], count: Int)? {
        var strides = [Int](repeating: 0, count: shape.count)
        var count = 1
        for dimension in shape.indices.reversed() {
            guard shape[dimension] >= 0 else { return nil }
            strides[dimension] = count
            let (product, overflow) = count.multipliedReportingOverflow(by: shape[dimension])
            guard !overflow else { return nil }
            count = product
        }
        return (strides, count)
    }
}

/// What does not fit about a layout; the reader of the file adds where.
struct LayoutError: Error {
    let message: String

    init(_ message: String) { self.message = message }
}
