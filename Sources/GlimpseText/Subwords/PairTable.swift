/// The merges of a byte-pair model: what a pair of tokens becomes and how early, in a hash table.
struct PairTable: Sendable {
    /// A merge: the earlier its rank, the sooner it is done.
    struct Merge: Hashable, Sendable, BitwiseCopyable {
        var rank: UInt32
        var id: Int32
    }

    /// A pair and its merge, side by side: a look-up waits for memory once.
    private struct Slot: Sendable, BitwiseCopyable {
        var pair: UInt64 = 0
        var merge = Merge(rank: .max, id: 0)

        var isFree: Bool { merge.rank == .max }
    }

    /// Open addressing over pairs of ids.
    private var slots: [Slot]
    private(set) var count = 0

    /// An empty table with room for a number of pairs.
    init(capacity: Int) {
        var size = 16
        while size < capacity * 2 { size *= 2 }
        slots = [Slot](repeating: Slot(), count: size)
    }

    /// Adds a merge; of two of the same pair the later one counts.
    mutating func insert(_ first: Int32, _ second: Int32, _ merge: Merge) {
        let slot = slot(first, second)
        if slots[slot].isFree {
            precondition(count * 2 < slots.count, "PairTable: more pairs than the capacity")
            count += 1
        }
        slots[slot] = Slot(pair: Self.key(first, second), merge: merge)
    }

    /// The merge of a pair.
    @inline(__always)
    func merge(_ first: Int32, _ second: Int32) -> Merge? {
        let slot = slots[slot(first, second)]
        return slot.isFree ? nil : slot.merge
    }

    /// The ids that merges make.
    var ids: some Sequence<Int32> { slots.lazy.filter { !$0.isFree }.map(\.merge.id) }

    @inline(__always)
    private static func key(_ first: Int32, _ second: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: first)) << 32 | UInt64(UInt32(bitPattern: second))
    }

    @inline(__always)
    private func slot(_ first: Int32, _ second: Int32) -> Int {
        let key = Self.key(first, second)
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 32) & mask
        while !slots[slot].isFree, slots[slot].pair != key { slot = (slot + 1) & mask }
        return slot
    }
}

extension PairTable {
    /// Takes the table of a name from a file.
    ///
    /// - Throws: `FormatError` where there is none that a look-up can rely on.
    init(_ name: String, in file: TableReader) throws {
        slots = try file.array(name)
        count = slots.reduce(0) { $1.isFree ? $0 : $0 + 1 }
        try file.require(slots.count.nonzeroBitCount == 1 && count < slots.count, name)
    }

    /// Adds the table to a file.
    func write(_ name: String, to file: inout TableWriter) {
        file.add(name, slots)
    }
}
