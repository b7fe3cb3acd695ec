internal import Dispatch

/// Makes the parts of a byte-pair model from a vocabulary of texts and pairs of them.
struct BytePairReader {
    /// The file and the place in it, for errors.
    let path: String
    let location: String?
    let vocabulary: TokenTable
    /// What a word's last symbol carries.
    let endOfWord: String

    /// The pair of a line such as `i n</w>`.
    static func pair(_ line: String, path: String) throws -> (String, String) {
        let bytes = line.utf8
        guard let space = bytes.firstIndex(of: UInt8(ascii: " ")), space > bytes.startIndex,
            case let second = bytes[bytes.index(after: space)...], !second.isEmpty, !second.contains(UInt8(ascii: " "))
        else { throw TextError(.malformed, "two tokens expected, found \"\(line)\"", path: path, location: "merges") }
        return (String(line[..<space]), String(line[second.startIndex...]))
    }

    /// The merges in the order of their rank.
    func merges(_ pairs: [(String, String)]) throws -> PairTable {
        var table = PairTable(capacity: pairs.count)
        for (rank, ids) in ids(of: pairs).enumerated() {
            guard let ids else { throw unknownToken(in: pairs[rank], rank: rank) }
            table.insert(ids.first, ids.second, PairTable.Merge(rank: UInt32(rank), id: ids.whole))
        }
        return table
    }

    /// The ids of a merge's parts, and of what they become.
    private struct MergeIDs {
        let first: Int32
        let second: Int32
        let whole: Int32

        init?(_ pair: (String, String), in vocabulary: TokenTable) {
            guard let first = vocabulary.id(of: pair.0), let second = vocabulary.id(of: pair.1),
                let whole = vocabulary.id(of: pair.0, pair.1)
            else { return nil }
            (self.first, self.second, self.whole) = (first, second, whole)
        }
    }

    /// Looks every token up, on two threads: most of the time goes into waiting for memory. Nil where one is unknown.
    private func ids(of pairs: [(String, String)]) -> [MergeIDs?] {
        [MergeIDs?](unsafeUninitializedCapacity: pairs.count) { ids, count in
            // Each half is written by one thread.
            nonisolated(unsafe) let start = ids.baseAddress
            let middle = pairs.count / 2
            DispatchQueue.concurrentPerform(iterations: 2) { half in
                for rank in half == 0 ? 0..<middle : middle..<pairs.count {
                    start?.advanced(by: rank).initialize(to: MergeIDs(pairs[rank], in: vocabulary))
                }
            }
            count = pairs.count
        }
    }

    private func unknownToken(in pair: (String, String), rank: Int) -> TextError {
        let token = [pair.0, pair.1].first { vocabulary.id(of: $0) == nil } ?? pair.0 + pair.1
        return TextError(
            .malformed, "merge \(rank) names \(token), which the vocabulary lacks", path: path, location: location)
    }

    /// The alphabet of bytes.
    func bytes() throws -> BytePairModel.Alphabet {
        func ids(_ suffix: String) throws -> [Int32] {
            try ByteCharacters.characters.map { character in
                guard let id = vocabulary.id(of: String(character), suffix) else {
                    throw TextError(
                        .malformed, "the vocabulary lacks \(character)\(suffix), a token of a byte", path: path,
                        location: location)
                }
                return id
            }
        }
        return .bytes(inner: try ids(""), last: try ids(endOfWord))
    }

    /// The ids of `<0x00>` to `<0xFF>`, −1 where there is none.
    static func byteFallbackIDs(in vocabulary: TokenTable) -> [Int32] {
        (0...255).map { byte in
            let digits = String(byte, radix: 16, uppercase: true)
            return vocabulary.id(of: "<0x\(byte < 16 ? "0" : "")\(digits)>") ?? -1
        }
    }
}
