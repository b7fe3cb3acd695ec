internal import CKernels
internal import Dispatch
internal import GlimpseTensor
internal import Synchronization

/// Finds the nearest rows of every row, nearly all of them, without comparing all with all.
///
/// A tree cuts the rows in two by the hyperplane between the means of two clusters of a sample, and the halves again, until a leaf
/// has few rows; these are compared with each other. Near rows that one tree separates meet in another (Dasgupta and Freund, "Random
/// projection trees and low dimensional manifolds", 2008; the cut is Annoy's, E. Bernhardsson, 2013).
struct NeighborForest {
    /// How many trees are grown.
    var treeCount = 12
    /// A leaf has no more rows.
    var leafLimit = 64
    /// How many neighbours of a row are wanted.
    var capacity = 10
    /// How many threads work on it; the result does not depend on it.
    var threadCount: Int

    /// Finds the neighbours of all rows.
    ///
    /// - Parameters:
    ///   - rows: of length 1.
    ///   - minimumCosine: what is less near is no neighbour.
    /// - Returns: the neighbours, and how many pairs were compared.
    /// - Complexity: O(n log n · dimension).
    func neighbors(
        among rows: EmbeddingRows, minimumCosine: Float
    ) -> (lists: NeighborLists, compared: Int) {
        let lists = NeighborLists(rowCount: rows.count, capacity: capacity)
        guard rows.count > 1 else { return (lists, 0) }
        let compared = Atomic<Int>(0)
        let members = UnsafeMutableBufferPointer<Int32>.allocate(capacity: rows.count)
        defer { members.deallocate() }
        for tree in 0..<treeCount {
            _ = members.initialize(from: (0..<rows.count).lazy.map(Int32.init))
            // The first cuts are made here, until there are enough parts to share out; parts have no row in common.
            var parts = [0..<rows.count]
            let cutter = TreeCutter(rows: rows, seed: UInt64(tree))
            while parts.count < 8 * threadCount,
                let largest = parts.indices.max(by: { parts[$0].count < parts[$1].count }),
                parts[largest].count > leafLimit
            {
                let part = parts.remove(at: largest)
                let middle = cutter.cut(members, part)
                parts += [part.lowerBound..<middle, middle..<part.upperBound]
            }
            let next = Atomic<Int>(0)
            let shared = SharedMembers(members: members, parts: parts)
            DispatchQueue.concurrentPerform(iterations: min(threadCount, parts.count)) { _ in
                let leaf = TreeLeaf(rows: rows, limit: leafLimit, minimumCosine: minimumCosine)
                while true {
                    let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
                    guard index < shared.parts.count else { break }
                    var pending = [shared.parts[index]]
                    while let part = pending.popLast() {
                        if part.count > leafLimit {
                            let middle = cutter.cut(shared.members, part)
                            pending += [part.lowerBound..<middle, middle..<part.upperBound]
                        } else {
                            let count = leaf.compare(UnsafeMutableBufferPointer(rebasing: shared.members[part]), lists)
                            compared.wrappingAdd(count, ordering: .relaxed)
                        }
                    }
                }
            }
        }
        return (lists, compared.load(ordering: .relaxed))
    }

    /// The rows of a tree, cut into parts. Unchecked because each part is given to one thread.
    private struct SharedMembers: @unchecked Sendable {
        let members: UnsafeMutableBufferPointer<Int32>
        let parts: [Range<Int>]
    }
}

/// Compares the rows of a leaf with each other; each thread has its own.
private final class TreeLeaf {
    private let rows: EmbeddingRows
    private let minimumCosine: Float
    /// The rows side by side, [limit, dimension].
    private let matrix: UnsafeMutablePointer<Float>
    private let cosines: UnsafeMutablePointer<Float>

    init(rows: EmbeddingRows, limit: Int, minimumCosine: Float) {
        self.rows = rows
        self.minimumCosine = minimumCosine
        matrix = .allocate(capacity: max(1, limit * rows.dimension))
        cosines = .allocate(capacity: limit)
    }

    deinit {
        matrix.deallocate()
        cosines.deallocate()
    }

    /// Offers all rows to each other.
    ///
    /// - Returns: how many pairs were compared.
    func compare(_ members: UnsafeMutableBufferPointer<Int32>, _ lists: NeighborLists) -> Int {
        let dimension = rows.dimension
        for (index, member) in members.enumerated() { rows.copy(Int(member), to: matrix + index * dimension) }
        let kernels: UnsafePointer<ck_kernels> = ck_kernels_best()
        for first in members.indices.dropLast() {
            kernels.pointee.dot_rows(
                matrix, dimension, dimension, matrix + first * dimension, cosines, first + 1, members.count)
            for second in first + 1..<members.count where cosines[second] >= minimumCosine {
                let (a, b) = (members[first], members[second])
                lists.offer(NeighborLists.Neighbor(row: b, cosine: cosines[second]), to: Int(a))
                lists.offer(NeighborLists.Neighbor(row: a, cosine: cosines[second]), to: Int(b))
            }
        }
        return members.count * (members.count - 1) / 2
    }
}
