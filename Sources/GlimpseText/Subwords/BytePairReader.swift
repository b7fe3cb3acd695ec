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
        for (rank, (first, second)) in pairs.enumerated() {
            func id(_ token: String, _ rest: String = "") throws -> Int32 {
                guard let id = vocabulary.id(of: token, rest) else {
                    throw TextError(
                        .malformed, "merge \(rank) names \(token + rest), which the vocabulary lacks", path: path,
                        location: location)
                }
                return id
            }
            table.insert(
                try id(first), try id(second), PairTable.Merge(rank: UInt32(rank), id: try id(first, second)))
        }
        return table
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
