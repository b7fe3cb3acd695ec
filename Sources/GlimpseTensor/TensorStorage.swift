internal import Foundation
internal import Synchronization

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

/// Blocks of memory that tensors have finished with, kept for the next ones.
///
/// A forward pass asks for the same sizes again and again; memory that has been touched is not paid for in page faults
/// twice. What is kept is bounded.
public final class BufferPool: Sendable {
    /// Invariant of the unchecked conformance: a pointer in the pool is owned by the pool alone.
    private struct Free: @unchecked Sendable {
        var blocks: [Int: [UnsafeMutablePointer<Float>]] = [:]
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
            for blocks in free.blocks.values { for block in blocks { block.deallocate() } }
        }
    }

    func take(count: Int) -> (pointer: UnsafeMutablePointer<Float>, capacity: Int) {
        let capacity = Self.capacity(for: count)
        let kept = free.withLock { free -> UnsafeMutablePointer<Float>? in
            guard let block = free.blocks[capacity]?.popLast() else { return nil }
            free.floats -= capacity
            return block
        }
        if let kept { return (kept, capacity) }
        return (Self.allocate(capacity), capacity)
    }

    /// The size of a large page on x86-64 and on 64-bit Arm with pages of 4 KB.
    private static let largePage = 2 << 20

    /// Memory for `count` floats, in large pages as far as they go: a network reads its weights from one end to the other, and at every
    /// page of 4 KB the processor would look up where it is.
    private static func allocate(_ count: Int) -> UnsafeMutablePointer<Float> {
        let byteCount = count * MemoryLayout<Float>.stride
        let isLarge = byteCount >= largePage
        let raw = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: isLarge ? largePage : 64)
        #if os(Linux)
            // A hint: a system that has no large pages to give leaves it at small ones.
            if isLarge { _ = madvise(raw, byteCount, MADV_HUGEPAGE) }
        #endif
        return raw.bindMemory(to: Float.self, capacity: count)
    }

    func give(_ pointer: UnsafeMutablePointer<Float>, capacity: Int) {
        let kept = free.withLock { free -> Bool in
            guard free.floats + capacity <= limit else { return false }
            free.blocks[capacity, default: []].append(pointer)
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
