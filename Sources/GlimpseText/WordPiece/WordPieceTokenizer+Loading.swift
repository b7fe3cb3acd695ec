import GlimpseFormats

extension WordPieceTokenizer {
    /// Loads a `tokenizer.json` with a WordPiece model and BERT's normaliser and pre-tokeniser.
    ///
    /// The file's own truncation and padding are not used.
    /// - Parameters:
    ///   - path: the file.
    ///   - contextLength: the most ids of a text, special tokens included.
    /// - Throws: `TextError`.
    public init(tokenizerJSON path: String, contextLength: Int) throws {
        try self.init(try TokenizerFile.read(path), contextLength: contextLength)
    }

    init(_ file: TokenizerFile, contextLength: Int) throws {
        let model = try file.wordPieceModel()
        try file.requirePreTokenizer("BertPreTokenizer")
        let normalizer = try file.bertNormalizer()
        let (startIDs, endIDs) = try file.template()
        try self.init(
            path: file.path, contextLength: contextLength, model: model, normalizer: normalizer,
            addedTokens: try file.addedTokens(), startIDs: startIDs, endIDs: endIDs)
    }

    /// Loads a `vocab.txt`, a token a line, with the special tokens of BERT.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - contextLength: the most ids of a text, special tokens included.
    ///   - lowercases: false for the cased models; accents are kept there, too.
    /// - Throws: `TextError`.
    public init(vocabulary path: String, contextLength: Int, lowercases: Bool = true) throws {
        let text: String?
        do {
            text = try MappedFile(path: path).withUnsafeBytes { String(validating: $0, as: UTF8.self) }
        } catch let error as FormatError {
            throw TextError(error)
        }
        guard let text else { throw TextError(.malformed, "not valid UTF-8", path: path) }
        var lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        guard lines.count <= Int(Int32.max) else { throw TextError(.malformed, "too many lines", path: path) }
        var table = TokenTable(capacity: lines.count)
        for (number, line) in lines.enumerated() {
            var line = line
            while let last = line.last, last.properties.isWhitespace { line.removeLast() }
            // Of equal lines the last counts, as in the library.
            _ = table.insert(String(line).utf8, id: Int32(number))
        }
        func special(_ token: String) throws -> Int32 {
            guard let id = table.id(of: token) else {
                throw TextError(
                    .malformed, "the vocabulary has no \(token)", path: path,
                    remedy: "use the vocab.txt of a BERT-like model")
            }
            return id
        }
        let (startID, endID, unknownID) = (try special("[CLS]"), try special("[SEP]"), try special("[UNK]"))
        let addedTokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"].compactMap { token in
            table.id(of: token).map { AddedToken(content: Array(token.utf8), id: $0) }
        }
        try self.init(
            path: path, contextLength: contextLength,
            model: WordPieceModel(vocabulary: table, unknownID: unknownID),
            normalizer: BertNormalizer(lowercases: lowercases), addedTokens: addedTokens, startIDs: [startID],
            endIDs: [endID])
    }

    private init(
        path: String, contextLength: Int, model: WordPieceModel, normalizer: BertNormalizer?,
        addedTokens: [AddedToken], startIDs: [Int32], endIDs: [Int32]
    ) throws {
        guard contextLength > startIDs.count + endIDs.count else {
            throw TextError(
                .invalidArgument, "a context of \(contextLength) has no room beside the special tokens", path: path)
        }
        self.contextLength = contextLength
        self.model = model
        self.normalizer = normalizer
        self.startIDs = startIDs
        self.endIDs = endIDs
        let others = [model.unknownID] + startIDs + endIDs + addedTokens.map(\.id)
        let known = model.vocabulary.idRange ?? model.unknownID...model.unknownID
        idRange = others.reduce(known) { min($0.lowerBound, $1)...max($0.upperBound, $1) }
        rawTokens = AddedTokens(addedTokens.filter { !$0.isNormalized })
        normalizedTokens = AddedTokens(
            addedTokens.filter(\.isNormalized).map { token in
                guard let normalizer else { return token }
                var token = token
                let content = token.content
                token.content = []
                content.withUnsafeBufferPointer { normalizer.normalize($0, into: &token.content) }
                return token
            })
    }
}
