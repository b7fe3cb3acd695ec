import GlimpseFormats

/// A `tokenizer.json` as it is read: its lists, tens of thousands of texts and more, go straight into tables.
struct TokenizerLists {
    let path: String
    /// All but the lists of the model.
    let root: JSON
    /// The document that it was read of, with `null` in place of the lists.
    let settings: [UInt8]
    let vocabulary: TokenizerFile.Vocabulary?
    let merges: TokenPairs?

    /// Reads and parses the file.
    ///
    /// - Throws: `FormatError`, `TextError`.
    init(path: String) throws {
        var members: [JSON.Member] = []
        var vocabulary: TokenizerFile.Vocabulary?
        var merges: TokenPairs?
        var lists: [Range<Int>] = []
        settings = try JSON.read(path: path) { parser in
            guard parser.next() == .object else {
                members = try parser.value().members ?? []
                return []
            }
            try parser.members { key, parser in
                guard key.elementsEqual("model".utf8), parser.next() == .object else {
                    return members.append(try Self.member(key, &parser))
                }
                var model: [JSON.Member] = []
                (vocabulary, merges) = (nil, nil)
                try parser.members { key, parser in
                    let start = parser.offset
                    if key.elementsEqual("vocab".utf8) {
                        vocabulary = try TokenizerFile.Vocabulary(&parser, path: path)
                    } else if key.elementsEqual("merges".utf8) {
                        merges = try TokenPairs(&parser, path: path)
                    } else {
                        return model.append(try Self.member(key, &parser))
                    }
                    lists.append(start..<parser.offset)
                }
                members.append(JSON.Member(key: "model", value: .object(model)))
            }
            return parser.document(lists, replacedBy: "null")
        }
        self.path = path
        root = .object(members)
        self.vocabulary = vocabulary
        self.merges = merges
    }

    private static func member(_ key: UnsafeRawBufferPointer, _ parser: inout JSONParser) throws -> JSON.Member {
        JSON.Member(key: String(decoding: key, as: UTF8.self), value: try parser.value())
    }

    /// The merges with the ids of their tokens, where the model is BPE and has both.
    var mergeTable: Result<PairTable, any Error>? {
        guard root["model"]?["type"]?.string == "BPE", let merges, case .ids(let table)? = vocabulary else {
            return nil
        }
        return Result { try BytePairReader(path: path, location: "model.merges", vocabulary: table).merges(merges) }
    }
}
