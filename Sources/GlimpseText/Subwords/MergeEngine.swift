/// Applies merges to a word, the lowest rank first and of equal ranks the leftmost (Sennrich et al., 2016).
///
/// Short words are searched again after every merge; long ones keep their candidates in a heap.
struct MergeEngine {
    /// The tokens of the word: first its smallest parts, then the result.
    var symbols: [Int32] = []

    private var merges: [PairTable.Merge] = []
    private var next: [Int32] = []
    private var previous: [Int32] = []
    private var heap: [UInt64] = []

    private static let none = PairTable.Merge(rank: .max, id: 0)

    /// Merges until no pair of neighbours is in the table.
    ///
    /// - Complexity: O(n log n) for n symbols.
    mutating func merge(with table: PairTable) {
        guard symbols.count > 1 else { return }
        if symbols.count <= 24 { mergeShort(table) } else { mergeLong(table) }
    }

    private mutating func mergeShort(_ table: PairTable) {
        merges.removeAll(keepingCapacity: true)
        for index in 1..<symbols.count { merges.append(table.merge(symbols[index - 1], symbols[index]) ?? Self.none) }
        while true {
            var best = 0
            for index in merges.indices where merges[index].rank < merges[best].rank { best = index }
            guard best < merges.count, merges[best].rank != .max else { return }
            symbols[best] = merges[best].id
            symbols.remove(at: best + 1)
            merges.remove(at: best)
            if best > 0 { merges[best - 1] = table.merge(symbols[best - 1], symbols[best]) ?? Self.none }
            if best < merges.count { merges[best] = table.merge(symbols[best], symbols[best + 1]) ?? Self.none }
        }
    }

    private mutating func mergeLong(_ table: PairTable) {
        let count = symbols.count
        next = (0..<Int32(count)).map { $0 + 1 }
        previous = (0..<Int32(count)).map { $0 - 1 }
        heap.removeAll(keepingCapacity: true)
        for index in 0..<count - 1 {
            if let merge = table.merge(symbols[index], symbols[index + 1]) { push(merge.rank, index) }
        }
        while let candidate = pop() {
            let index = Int(candidate & 0xFFFF_FFFF)
            // A merged symbol is negative; a pair that has changed since has another rank.
            guard symbols[index] >= 0, Int(next[index]) < count else { continue }
            let follower = Int(next[index])
            guard let merge = table.merge(symbols[index], symbols[follower]), UInt64(merge.rank) == candidate >> 32
            else { continue }
            symbols[index] = merge.id
            symbols[follower] = -1
            next[index] = next[follower]
            let end = Int(next[index])
            if end < count {
                previous[end] = Int32(index)
                if let merge = table.merge(merge.id, symbols[end]) { push(merge.rank, index) }
            }
            let start = Int(previous[index])
            if start >= 0, let merge = table.merge(symbols[start], merge.id) { push(merge.rank, start) }
        }
        symbols.removeAll { $0 < 0 }
    }

    private mutating func push(_ rank: UInt32, _ index: Int) {
        heap.append(UInt64(rank) << 32 | UInt64(index))
        var child = heap.count - 1
        while child > 0, heap[child] < heap[(child - 1) / 2] {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    private mutating func pop() -> UInt64? {
        guard let first = heap.first, let last = heap.popLast() else { return nil }
        guard !heap.isEmpty else { return first }
        heap[0] = last
        var parent = 0
        while true {
            var child = parent * 2 + 1
            guard child < heap.count else { return first }
            if child + 1 < heap.count, heap[child + 1] < heap[child] { child += 1 }
            guard heap[child] < heap[parent] else { return first }
            heap.swapAt(child, parent)
            parent = child
        }
    }
}
