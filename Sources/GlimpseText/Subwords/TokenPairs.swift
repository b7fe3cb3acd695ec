/// Pairs of tokens that merge, in the order of their rank, their bytes side by side: tens of thousands of them are no strings.
struct TokenPairs: Sendable {
    private(set) var bytes: [UInt8] = []
    private var ends: [Int] = []

    /// No pairs, with room for so many bytes of them. Room that is not needed takes no memory, since nothing touches it; for more than is
    /// likely there is none set aside.
    init(byteCount: Int) {
        let byteCount = min(byteCount, 1 << 24)
        bytes.reserveCapacity(byteCount)
        ends.reserveCapacity(byteCount / 4)
    }

    /// The number of pairs.
    var count: Int { ends.count / 2 }
    /// The number of tokens, twice that of pairs when all are there.
    var tokenCount: Int { ends.count }

    /// Where the tokens of a pair are in `bytes`.
    subscript(rank: Int) -> (first: Range<Int>, second: Range<Int>) {
        let start = rank == 0 ? 0 : ends[2 * rank - 1]
        let middle = ends[2 * rank]
        return (start..<middle, middle..<ends[2 * rank + 1])
    }

    /// The tokens of a pair.
    func tokens(_ rank: Int) -> (first: String, second: String) {
        let (first, second) = self[rank]
        return (String(decoding: bytes[first], as: UTF8.self), String(decoding: bytes[second], as: UTF8.self))
    }

    /// Adds the next token.
    mutating func append(token: some Sequence<UInt8>) {
        bytes.append(contentsOf: token)
        ends.append(bytes.count)
    }

    /// Adds the pair of a line such as `i n</w>`.
    ///
    /// - Throws: `TextError` for other lines.
    mutating func append(line: some Collection<UInt8>, path: String) throws {
        let parts = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else {
            let text = String(decoding: line, as: UTF8.self)
            throw TextError(.malformed, "two tokens expected, found \"\(text)\"", path: path, location: "merges")
        }
        for part in parts { append(token: part) }
    }
}
