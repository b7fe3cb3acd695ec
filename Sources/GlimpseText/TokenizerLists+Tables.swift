import GlimpseFormats

extension TokenizerFile.Vocabulary {
    /// Reads ids by token, or a list of texts with their scores.
    init?(_ parser: inout JSONParser, path: String) throws {
        switch parser.next() {
        case .object: self = .ids(try TokenTable(&parser, path: path, location: "model.vocab"))
        case .array:
            var pieces: [UnigramModel.Piece] = []
            try parser.elements { parser in
                guard let piece = try UnigramModel.Piece(&parser, id: Int32(pieces.count)) else {
                    throw TextError(
                        .malformed, "piece \(pieces.count) is not a text with its score", path: path,
                        location: "model.vocab")
                }
                pieces.append(piece)
            }
            self = .pieces(PieceTable(pieces))
        case .string, .other:
            guard try parser.value().isNull else {
                throw TextError(.malformed, "no list of tokens", path: path, location: "model.vocab")
            }
            return nil
        }
    }
}

extension TokenTable {
    /// Reads ids by token.
    ///
    /// - Throws: `FormatError`; `TextError` for what is no id, tokens that appear twice, and files of 4 GB and more.
    init(_ parser: inout JSONParser, path: String, location: String) throws {
        guard parser.byteCount < Int(UInt32.max) else {
            throw TextError(.malformed, "a vocabulary of \(parser.byteCount) bytes", path: path, location: location)
        }
        // With its merge, a token takes about so many bytes of a tokenizer.json; a file may be large for other reasons.
        self.init(capacity: min(parser.byteCount / 64, 1 << 18))
        func malformed(_ token: UnsafeRawBufferPointer, _ what: String) -> TextError {
            let token = String(decoding: token, as: UTF8.self)
            return TextError(.malformed, "token \(token) \(what)", path: path, location: location)
        }
        guard parser.next() == .object else {
            throw TextError(.malformed, "ids by token expected", path: path, location: location)
        }
        try parser.members { token, parser in
            guard let id = try parser.value().integer.flatMap(Int32.init(exactly:)), id >= 0 else {
                throw malformed(token, "has no valid id")
            }
            guard insert(token, id: id) == nil else { throw malformed(token, "appears twice") }
        }
    }
}

extension UnigramModel.Piece {
    /// Reads a list of a text and its score; nil for anything else.
    fileprivate init?(_ parser: inout JSONParser, id: Int32) throws {
        var text: [UInt8]?
        var score: Double?
        var count = 0
        guard parser.next() == .array else { return nil }
        try parser.elements { parser in
            if count == 0, parser.next() == .string {
                try parser.string { text = Array($0) }
            } else {
                score = try parser.value().number
            }
            count += 1
        }
        guard count == 2, let text, let score, score.isFinite else { return nil }
        self.init(text: text, score: score, id: id)
    }
}

extension TokenPairs {
    /// Reads merges in the order of their rank, each a list of two tokens or both in one text; nil for `null`.
    ///
    /// - Throws: `FormatError`; `TextError` for anything else.
    init?(_ parser: inout JSONParser, path: String) throws {
        self.init(byteCount: parser.byteCount / 2)
        func malformed(_ message: String) -> TextError {
            TextError(.malformed, message, path: path, location: "model.merges")
        }
        guard parser.next() == .array else {
            guard try parser.value().isNull else { throw malformed("a list expected") }
            return nil
        }
        try parser.elements { parser in
            switch parser.next() {
            case .string: try parser.string { try append(line: $0, path: path) }
            case .array:
                let known = tokenCount
                try parser.elements { parser in
                    guard tokenCount < known + 2 else { throw malformed("a pair of more than two tokens") }
                    guard parser.next() == .string else { throw malformed("a pair without texts") }
                    try parser.string { append(token: $0) }
                }
                guard tokenCount == known + 2 else { throw malformed("a pair of less than two tokens") }
            case .object, .other: throw malformed("neither a pair nor a text")
            }
        }
    }
}

extension JSON {
    /// The value of a number, whole or not.
    fileprivate var number: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .real(let value): value
        default: nil
        }
    }
}
