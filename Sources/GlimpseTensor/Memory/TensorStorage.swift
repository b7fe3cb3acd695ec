/// The memory behind tensors.
///
/// Invariant that makes it `Sendable`: the memory is written only by the closure that creates the tensor, before any other
/// reference to the storage exists, or by nobody where another owns it; from then on it is only read.
final class TensorStorage: @unchecked Sendable {
    private enum Owner {
        case pool(BufferPool, capacity: Int)
        case other(any Sendable)
    }

    let pointer: UnsafeMutablePointer<Float>
    let count: Int
    private let owner: Owner

    /// Uninitialised memory for `count` floats, 64-byte aligned, taken from a pool and given back to it at the end.
    init(count: Int, pool: BufferPool) {
        let (pointer, capacity) = pool.take(count: count)
        self.pointer = pointer
        self.count = count
        owner = .pool(pool, capacity: capacity)
    }

    /// Memory that `owner` keeps readable and unchanged as long as it lives.
    init(_ pointer: UnsafePointer<Float>, count: Int, owner: any Sendable) {
        self.pointer = UnsafeMutablePointer(mutating: pointer)
        self.count = count
        self.owner = .other(owner)
    }

    deinit {
        if case .pool(let pool, let capacity) = owner { pool.give(pointer, capacity: capacity) }
    }
}
