internal import Synchronization

/// Blocks of memory that tensors have finished with, kept for the next ones.
///
/// A forward pass asks for the same sizes again and again; memory that has been touched is not paid for in page faults
/// twice. What is kept is bounded.
public final class BufferPool: Sendable {
    /// Invariant of the unchecked conformance: a pointer in the pool is owned by the pool alone.
    private struct Free: @unchecked Sendable {
        /// Those given back last come last. They are a few tens, looked through faster than a table of them is asked: between two products
        /// of a short text everything is cold.
        var blocks: [(pointer: UnsafeMutablePointer<Float>, capacity: Int)] = []
        var floats = 0
    }

    private let free = Mutex(Free())
    private let limit: Int

    /// Keeps at most `limit` floats (by default 256 MB) for reuse.
    public init(limit: Int = 64 << 20) {
        self.limit = limit
    }

    deinit {
        free.withLock { free in
            for block in free.blocks { block.pointer.deallocate() }
        }
    }

    func take(count: Int) -> (pointer: UnsafeMutablePointer<Float>, capacity: Int) {
        let capacity = Self.capacity(for: count)
        let kept = free.withLock { free -> UnsafeMutablePointer<Float>? in
            guard let place = free.blocks.lastIndex(where: { $0.capacity == capacity }) else { return nil }
            free.floats -= capacity
            return free.blocks.remove(at: place).pointer
        }
        if let kept { return (kept, capacity) }
        return (LargePages.allocate(capacity), capacity)
    }

    func give(_ pointer: UnsafeMutablePointer<Float>, capacity: Int) {
        let kept = free.withLock { free -> Bool in
            guard free.floats + capacity <= limit else { return false }
            free.blocks.append((pointer, capacity))
            free.floats += capacity
            return true
        }
        if !kept { pointer.deallocate() }
    }

    /// Sizes are rounded up to an eighth of their power of two, so that similar requests share blocks.
    private static func capacity(for count: Int) -> Int {
        let least = max(count, 64)
        let step = max(16, (1 << (Int.bitWidth - 1 - least.leadingZeroBitCount)) / 8)
        return (least + step - 1) / step * step
    }
}
