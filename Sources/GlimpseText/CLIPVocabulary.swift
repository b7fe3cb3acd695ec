import GlimpseFormats
internal import GlimpseResources

/// The tokens of CLIP: bytes, bytes that end a word, what the merges make of them, and the start and end of a text.
enum CLIPVocabulary {
    static let startToken = "<|startoftext|>"
    static let endToken = "<|endoftext|>"
    static let startID: Int32 = 49406
    static let endID: Int32 = 49407
    static let endOfWord = "</w>"

    /// OpenAI's model: merge r makes token 512 + r.
    static func openAI() -> BytePairModel {
        let resource = Resources.clipMerges
        let count = resource.count / 4
        func id(_ index: Int) -> Int32 { Int32(resource[2 * index]) | Int32(resource[2 * index + 1]) << 8 }
        var merges = PairTable(capacity: count)
        for rank in 0..<count {
            merges.insert(
                id(2 * rank), id(2 * rank + 1), PairTable.Merge(rank: UInt32(rank), id: 512 + Int32(rank)))
        }
        var inner = [Int32](repeating: 0, count: 256)
        for (id, byte) in ByteCharacters.byVocabulary.enumerated() { inner[Int(byte)] = Int32(id) }
        var special = TokenTable(capacity: 2)
        for (token, id) in zip(CLIPWords.openCLIP.specials, [startID, endID]) {
            _ = special.insert(token.utf8, id: id)
        }
        return BytePairModel(
            alphabet: .bytes(inner: inner, last: inner.map { $0 + 256 }), merges: merges, wholeWords: special)
    }

    /// The model of a `vocab.json` and a `merges.txt`, and its tokens.
    static func model(vocabulary: String, merges: String) throws -> (model: BytePairModel, tokens: TokenTable) {
        do {
            let tokens = try JSON.read(path: vocabulary) { parser in
                try TokenTable(&parser, path: vocabulary, location: "the vocabulary")
            }
            let pairs = try MappedFile(path: merges).withUnsafeBytes { bytes in
                guard String(validating: bytes, as: UTF8.self) != nil else {
                    throw TextError(.malformed, "not valid UTF-8", path: merges)
                }
                var lines = bytes.split { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }[...]
                if lines.first?.starts(with: "#version".utf8) == true { lines.removeFirst() }
                var pairs = TokenPairs(byteCount: bytes.count)
                for line in lines { try pairs.append(line: line, path: merges) }
                return pairs
            }
            let reader = BytePairReader(path: merges, location: nil, vocabulary: tokens)
            return (
                BytePairModel(alphabet: try reader.bytes(endOfWord: endOfWord), merges: try reader.merges(pairs)),
                tokens
            )
        } catch let error as FormatError {
            throw TextError(error)
        }
    }
}
