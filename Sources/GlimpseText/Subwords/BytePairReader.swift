internal import Dispatch

/// Makes the parts of a byte-pair model from a vocabulary of texts and pairs of them.
struct BytePairReader {
    /// The file and the place in it, for errors.
    let path: String
    let location: String?
    let vocabulary: TokenTable

    /// The merges in the order of their rank.
    func merges(_ pairs: TokenPairs) throws -> PairTable {
        var table = PairTable(capacity: pairs.count)
        for (rank, ids) in ids(of: pairs).enumerated() {
            guard let ids else { throw unknownToken(in: pairs.tokens(rank), rank: rank) }
            table.insert(ids.first, ids.second, PairTable.Merge(rank: UInt32(rank), id: ids.whole))
        }
        return table
    }

    /// The ids of a merge's parts, and of what they become.
    private struct MergeIDs {
        let first: Int32
        let second: Int32
        let whole: Int32

        /// - Parameter likely: the number of the token that the pair probably becomes.
        init?(
            _ first: UnsafeBufferPointer<UInt8>, _ second: UnsafeBufferPointer<UInt8>, in vocabulary: TokenTable,
            likely: inout Int
        ) {
            var (hash, secondHash) = (TokenTable.Hash(), TokenTable.Hash())
            for byte in first { hash.add(byte) }
            let firstID = vocabulary.id(of: first, hash: hash)
            for byte in second {
                hash.add(byte)
                secondHash.add(byte)
            }
            guard let firstID, let secondID = vocabulary.id(of: second, hash: secondHash),
                let whole = vocabulary.id(of: second, prefix: first, hash: hash, likely: &likely)
            else { return nil }
            (self.first, self.second, self.whole) = (firstID, secondID, whole)
        }
    }

    /// Looks every token up, on two threads: most of the time goes into waiting for memory. Nil where one is unknown.
    private func ids(of pairs: TokenPairs) -> [MergeIDs?] {
        [MergeIDs?](unsafeUninitializedCapacity: pairs.count) { ids, count in
            // Each half is written by one thread.
            nonisolated(unsafe) let start = ids.baseAddress
            let middle = pairs.count / 2
            DispatchQueue.concurrentPerform(iterations: 2) { half in
                // Vocabularies mostly have what merges become in the order of the merges.
                var likely = -1
                pairs.bytes.withUnsafeBufferPointer { bytes in
                    for rank in half == 0 ? 0..<middle : middle..<pairs.count {
                        let (first, second) = pairs[rank]
                        let ids = MergeIDs(
                            UnsafeBufferPointer(rebasing: bytes[first]), UnsafeBufferPointer(rebasing: bytes[second]),
                            in: vocabulary, likely: &likely)
                        start?.advanced(by: rank).initialize(to: ids)
                    }
                }
            }
            count = pairs.count
        }
    }

    private func unknownToken(in pair: (first: String, second: String), rank: Int) -> TextError {
        let token = [pair.first, pair.second].first { vocabulary.id(of: $0) == nil } ?? pair.first + pair.second
        return TextError(
            .malformed, "merge \(rank) names \(token), which the vocabulary lacks", path: path, location: location)
    }

    /// The alphabet of bytes.
    ///
    /// - Parameter endOfWord: what a word's last symbol carries.
    func bytes(endOfWord: String) throws -> BytePairModel.Alphabet {
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
    static func byteFallbackIDs(_ id: (String) -> Int32?) -> [Int32] {
        (0...255).map { byte in
            let digits = String(byte, radix: 16, uppercase: true)
            return id("<0x\(byte < 16 ? "0" : "")\(digits)>") ?? -1
        }
    }
}
