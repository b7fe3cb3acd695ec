internal import CKernels
public import GlimpseModels

/// The embeddings of pictures as rows of floats that lie wherever their owner keeps them: none is copied.
///
/// Unchecked because it holds raw pointers: what they point to is kept by `owner`, which must not change it.
public struct EmbeddingRows: @unchecked Sendable {
    /// The numbers in a row.
    public let dimension: Int
    private let rows: [UnsafePointer<Float>]
    private let owner: any AnyObject & Sendable
    private let kernels: UnsafePointer<ck_kernels>

    /// Takes pointers to rows of length 1.
    ///
    /// - Parameters:
    ///   - rows: each to `dimension` numbers.
    ///   - owner: keeps the rows, unchanged, as long as it lives.
    package init(dimension: Int, rows: [UnsafePointer<Float>], owner: any AnyObject & Sendable) {
        self.dimension = dimension
        self.rows = rows
        self.owner = owner
        kernels = ck_kernels_best()
    }

    /// Copies embeddings of one model.
    ///
    /// - Precondition: All are of the same model.
    public init(_ embeddings: [Embedding]) {
        let dimension = embeddings.first?.model.dimension ?? 0
        let memory = RowMemory(floatCount: embeddings.count * dimension)
        for (index, embedding) in embeddings.enumerated() {
            precondition(embedding.model == embeddings[0].model, "EmbeddingRows: embeddings of several models")
            (memory.start + index * dimension).update(from: embedding.values, count: dimension)
        }
        self.init(
            dimension: dimension, rows: embeddings.indices.map { UnsafePointer(memory.start + $0 * dimension) },
            owner: memory)
    }

    /// How many rows there are.
    public var count: Int { rows.count }

    /// The rows at the given places, in their order.
    func selecting(_ indices: [Int]) -> EmbeddingRows {
        EmbeddingRows(dimension: dimension, rows: indices.map { rows[$0] }, owner: owner)
    }

    /// The cosine of two rows, −1…1.
    func cosine(_ a: Int, _ b: Int) -> Float { dot(a, rows[b]) }

    /// The dot product of a row with `dimension` other numbers.
    func dot(_ row: Int, _ query: UnsafePointer<Float>) -> Float {
        var result: Float = 0
        withExtendedLifetime(owner) {
            kernels.pointee.dot_rows(rows[row], dimension, dimension, query, &result, 0, 1)
        }
        return result
    }

    /// Copies a row.
    func copy(_ row: Int, to target: UnsafeMutablePointer<Float>) {
        withExtendedLifetime(owner) { target.update(from: rows[row], count: dimension) }
    }
}

/// Floats that live as long as the object; written before it is shared.
private final class RowMemory: @unchecked Sendable {
    let start: UnsafeMutablePointer<Float>

    init(floatCount: Int) {
        start = .allocate(capacity: max(1, floatCount))
        start.initialize(repeating: 0, count: max(1, floatCount))
    }
    deinit { start.deallocate() }
}
