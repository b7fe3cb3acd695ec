import GlimpseFormats

/// A `tokenizer.json` as it is read: its lists, tens of thousands of texts and more, go straight into tables.
struct TokenizerLists {
    let path: String
    /// The document with `null` in place of its lists.
    let settings: [UInt8]
    /// The same, parsed.
    let root: JSON
    let vocabulary: TokenizerFile.Vocabulary?
    let merges: TokenPairs?

    /// Reads and parses the file.
    ///
    /// - Throws: `FormatError`, `TextError`.
    init(path: String) throws {
        var vocabulary: TokenizerFile.Vocabulary?
        var merges: TokenPairs?
        var lists: [Range<Int>] = []
        settings = try JSON.read(path: path) { parser in
            guard parser.next() == .object else {
                _ = try parser.value()
                return parser.document([], replacedBy: "")
            }
            try parser.members { key, parser in
                guard key.elementsEqual("model".utf8), parser.next() == .object else { return _ = try parser.value() }
                (vocabulary, merges) = (nil, nil)
                try parser.members { key, parser in
                    let start = parser.offset
                    if key.elementsEqual("vocab".utf8) {
                        vocabulary = try TokenizerFile.Vocabulary(&parser, path: path)
                    } else if key.elementsEqual("merges".utf8) {
                        merges = try TokenPairs(&parser, path: path)
                    } else {
                        return _ = try parser.value()
                    }
                    lists.append(start..<parser.offset)
                }
            }
            return parser.document(lists, replacedBy: "null")
        }
        self.path = path
        root = try settings.withUnsafeBytes { try JSON.parse($0, path: path) }
        self.vocabulary = vocabulary
        self.merges = merges
    }

    /// The merges with the ids of their tokens, where the model is BPE and has both.
    ///
    /// - Throws: `TextError` for a merge of tokens that the vocabulary lacks.
    func mergeTable() throws -> PairTable? {
        guard root["model"]?["type"]?.string == "BPE", let merges, case .ids(let table)? = vocabulary else {
            return nil
        }
        return try BytePairReader(path: path, location: "model.merges", vocabulary: table).merges(merges)
    }
}
