/// Some of the contents: a bit for each id.
struct ContentSelection: Sendable {
    private var words: [UInt64] = []
    /// How many contents are selected.
    private(set) var count = 0

    init(_ contentIDs: some Sequence<Int64>) {
        for id in contentIDs { insert(id) }
    }

    /// - Complexity: O(1), and memory of a bit for every id up to the largest.
    private mutating func insert(_ id: Int64) {
        precondition(id >= 0, "ContentSelection: a content with the id \(id)")
        let word = Int(id >> 6)
        if word >= words.count { words.append(contentsOf: repeatElement(0, count: word + 1 - words.count)) }
        let bit: UInt64 = 1 << (UInt64(id) & 63)
        if words[word] & bit == 0 { count += 1 }
        words[word] |= bit
    }

    func contains(_ id: Int64) -> Bool {
        let word = Int(id >> 6)
        return id >= 0 && word < words.count && words[word] & (1 << (UInt64(id) & 63)) != 0
    }
}
