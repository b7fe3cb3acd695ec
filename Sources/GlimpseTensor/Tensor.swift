/// An immutable, row-major block of 32-bit floats with a shape.
///
/// A tensor is a value: copying one copies a reference to memory that nobody writes any more.
public struct Tensor: Sendable {
    /// The extents, outermost first.
    public let shape: Shape
    let storage: TensorStorage

    /// Wraps scalars in row-major order.
    ///
    /// - Precondition: `scalars.count == shape.count`.
    public init(shape: Shape, scalars: [Float], pool: BufferPool = BufferPool(limit: 0)) {
        precondition(scalars.count == shape.count, "Tensor: \(scalars.count) scalars for shape \(shape)")
        self.init(shape: shape, pool: pool) { pointer in
            scalars.withUnsafeBufferPointer { source in
                if let base = source.baseAddress { pointer.update(from: base, count: source.count) }
            }
        }
    }

    /// Makes a tensor whose memory `fill` writes, every element of it, before anyone else can see it.
    public init(shape: Shape, pool: BufferPool, filledBy fill: (UnsafeMutablePointer<Float>) throws -> Void) rethrows {
        self.shape = shape
        self.storage = TensorStorage(count: shape.count, pool: pool)
        try fill(storage.pointer)
    }

    /// Wraps memory that `owner` keeps readable and unchanged as long as it lives, such as a mapped file.
    package init(shape: Shape, borrowing pointer: UnsafePointer<Float>, owner: any Sendable) {
        self.init(shape: shape, storage: TensorStorage(pointer, count: shape.count, owner: owner))
    }

    private init(shape: Shape, storage: TensorStorage) {
        self.shape = shape
        self.storage = storage
    }

    /// How many elements there are.
    public var count: Int { shape.count }

    /// The same elements under another shape.
    ///
    /// - Precondition: both shapes have as many elements.
    public func reshaped(to newShape: Shape) -> Tensor {
        precondition(newShape.count == shape.count, "reshaped: \(shape) has not as many elements as \(newShape)")
        return Tensor(shape: newShape, storage: storage)
    }

    /// A range of the first axis; the memory is shared.
    public func slice(_ range: Range<Int>) -> Tensor {
        precondition(
            shape.rank >= 1 && range.lowerBound >= 0 && range.upperBound <= shape[0], "slice: \(range) of \(shape)")
        let width = shape[0] == 0 ? 0 : count / shape[0]
        return Tensor(
            shape: Shape([range.count] + shape.dimensions.dropFirst()),
            borrowing: pointer + range.lowerBound * width, owner: storage)
    }

    /// Lends the elements, in row-major order.
    public func withUnsafeScalars<Result>(_ body: (UnsafeBufferPointer<Float>) throws -> Result) rethrows -> Result {
        try body(UnsafeBufferPointer(start: storage.pointer, count: count))
    }

    /// A copy of the elements, in row-major order.
    public var scalars: [Float] { withUnsafeScalars(Array.init) }

    /// A copy of row `index` of a tensor seen as rows of its last axis.
    ///
    /// - Precondition: there is such a row.
    public func row(_ index: Int) -> [Float] {
        // A pointer's own checks are not there in a release.
        precondition((0..<shape.rowCount).contains(index), "row: \(index) of \(shape)")
        let width = shape[-1]
        return withUnsafeScalars { Array($0[(index * width)..<((index + 1) * width)]) }
    }

    var pointer: UnsafePointer<Float> { UnsafePointer(storage.pointer) }
}
