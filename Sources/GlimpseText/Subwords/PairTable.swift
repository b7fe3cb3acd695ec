/// The merges of a byte-pair model: what a pair of tokens becomes and how early, in a hash table.
struct PairTable: Sendable {
    /// A merge: the earlier its rank, the sooner it is done.
    struct Merge: Hashable, Sendable {
        var rank: UInt32
        var id: Int32
    }

    /// Open addressing over pairs of ids; a slot with rank `UInt32.max` is free.
    private var pairs: [UInt64]
    private var merges: [Merge]
    private(set) var count = 0

    /// An empty table with room for a number of pairs.
    init(capacity: Int) {
        var size = 16
        while size < capacity * 2 { size *= 2 }
        pairs = [UInt64](repeating: 0, count: size)
        merges = [Merge](repeating: Merge(rank: .max, id: 0), count: size)
    }

    /// Adds a merge; of two of the same pair the later one counts.
    mutating func insert(_ first: Int32, _ second: Int32, _ merge: Merge) {
        let slot = slot(first, second)
        if merges[slot].rank == .max {
            precondition(count * 2 < pairs.count, "PairTable: more pairs than the capacity")
            count += 1
        }
        pairs[slot] = Self.key(first, second)
        merges[slot] = merge
    }

    /// The merge of a pair.
    @inline(__always)
    func merge(_ first: Int32, _ second: Int32) -> Merge? {
        let merge = merges[slot(first, second)]
        return merge.rank == .max ? nil : merge
    }

    /// The ids that merges make.
    var ids: some Sequence<Int32> { merges.lazy.filter { $0.rank != .max }.map(\.id) }

    @inline(__always)
    private static func key(_ first: Int32, _ second: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: first)) << 32 | UInt64(UInt32(bitPattern: second))
    }

    @inline(__always)
    private func slot(_ first: Int32, _ second: Int32) -> Int {
        let key = Self.key(first, second)
        let mask = pairs.count - 1
        var slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 32) & mask
        while merges[slot].rank != .max, pairs[slot] != key { slot = (slot + 1) & mask }
        return slot
    }
}
