internal import Synchronization

/// Memory for the weights of one network, handed out end to end.
///
/// In memory of their own, small matrices and the ends of all others lie in pages of 4 KB; end to end, they share large pages.
/// Where they do, each begins with a page of 4 KB, as the streams in which the kernels fetch them should.
package final class WeightMemory: Sendable {
    /// Memory that is given back when nothing in it is in use any more.
    ///
    /// Invariant that makes it `Sendable`: what is handed out does not overlap, is written by its first owner before another sees it,
    /// and from then on is only read.
    private final class Block: @unchecked Sendable {
        let start: UnsafeMutablePointer<Float>

        init(count: Int) {
            start = LargePages.allocate(count)
        }

        deinit { start.deallocate() }
    }

    private let current: Mutex<(block: Block, free: Range<Int>)?> = Mutex(nil)
    private let blockCount: Int
    /// In floats.
    private static let page = 4096 / MemoryLayout<Float>.stride

    /// Takes memory from the system in blocks of `blockCount` floats, or of what is asked for where that is more.
    package init(blockCount: Int) {
        self.blockCount = blockCount
    }

    /// A tensor whose memory `fill` writes, every element of it, before anyone else can see it.
    func tensor(shape: Shape, filledBy fill: (UnsafeMutablePointer<Float>) throws -> Void) rethrows -> Tensor {
        let (start, block) = take(shape.count)
        try fill(start)
        return Tensor(shape: shape, borrowing: start, owner: block)
    }

    private func take(_ count: Int) -> (UnsafeMutablePointer<Float>, Block) {
        let wholePages = (count + Self.page - 1) / Self.page * Self.page
        return current.withLock { current in
            if let (block, free) = current, free.count >= wholePages {
                current = (block, free.dropFirst(wholePages))
                return (block.start + free.lowerBound, block)
            }
            let size = max(blockCount, wholePages)
            let block = Block(count: size)
            // What is greater than a block does not end the one that others have room in.
            if size - wholePages >= current?.free.count ?? 0 { current = (block, wholePages..<size) }
            return (block.start, block)
        }
    }
}
