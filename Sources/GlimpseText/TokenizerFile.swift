import GlimpseFormats

/// A `tokenizer.json` of Hugging Face's `tokenizers`, its lists as tables.
struct TokenizerFile {
    let path: String
    /// All but the lists of the model.
    let root: JSON
    /// What the model's `vocab` says, where there is one.
    let vocabulary: Vocabulary?
    /// What the model's `merges` say, where it is BPE and there are any, or that they name what the vocabulary lacks.
    let merges: Result<PairTable, any Error>?
    /// The document without its lists, where this was not kept from an earlier start.
    let settings: [UInt8]?

    /// The tokens of a model.
    enum Vocabulary {
        /// Ids by token.
        case ids(TokenTable)
        /// Texts with their scores, in the order of their ids.
        case pieces(PieceTable)
    }

    /// Reads the file.
    ///
    /// - Throws: `TextError`.
    static func read(_ path: String) throws -> TokenizerFile {
        do {
            let lists = try TokenizerLists(path: path)
            return TokenizerFile(
                path: path, root: lists.root, vocabulary: lists.vocabulary, merges: lists.mergeTable,
                settings: lists.settings)
        } catch let error as FormatError {
            throw TextError(error)
        }
    }

    /// The tokens that are found in the text before the model sees it.
    func addedTokens() throws -> [AddedToken] {
        guard let tokens = present(root["added_tokens"]) else { return [] }
        guard let tokens = tokens.array else { throw malformed("a list expected", at: "added_tokens") }
        return try tokens.map { token in
            guard let content = token["content"]?.string, let id = token["id"]?.integer.flatMap(Int32.init(exactly:))
            else { throw malformed("a token without content or id", at: "added_tokens") }
            return AddedToken(
                content: Array(content.utf8), id: id, isSingleWord: token["single_word"]?.boolean ?? false,
                stripsLeft: token["lstrip"]?.boolean ?? false, stripsRight: token["rstrip"]?.boolean ?? false,
                isNormalized: token["normalized"]?.boolean ?? false)
        }
    }

    /// The normaliser, where it is BERT's; nil where there is none.
    func bertNormalizer() throws -> BertNormalizer? {
        guard let normalizer = present(root["normalizer"]) else { return nil }
        try require("BertNormalizer", in: normalizer, at: "normalizer")
        return BertNormalizer(
            cleansText: normalizer["clean_text"]?.boolean ?? true,
            separatesChinese: normalizer["handle_chinese_chars"]?.boolean ?? true,
            stripsAccents: normalizer["strip_accents"]?.boolean,
            lowercases: normalizer["lowercase"]?.boolean ?? true)
    }

    /// Refuses a file with another pre-tokeniser.
    func requirePreTokenizer(_ type: String) throws {
        guard let preTokenizer = present(root["pre_tokenizer"]) else {
            throw TextError(.unsupported, "no pre-tokeniser, \(type) expected", path: path, location: "pre_tokenizer")
        }
        try require(type, in: preTokenizer, at: "pre_tokenizer")
    }

    /// The model, where it is WordPiece.
    func wordPieceModel() throws -> WordPieceModel {
        guard let model = root["model"] else { throw malformed("no model", at: "model") }
        try require("WordPiece", in: model, at: "model")
        let table = try tokenIDs()
        let unknown = model["unk_token"]?.string ?? "[UNK]"
        guard let unknownID = table.id(of: unknown) else {
            throw malformed("the vocabulary lacks the unknown token \(unknown)", at: "model.vocab")
        }
        return WordPieceModel(
            vocabulary: table, unknownID: unknownID,
            continuationPrefix: model["continuing_subword_prefix"]?.string ?? "##",
            wordLengthLimit: model["max_input_chars_per_word"]?.integer ?? 100)
    }

    /// The ids of the model's tokens.
    func tokenIDs() throws -> TokenTable {
        guard let vocabulary else { throw malformed("no vocabulary", at: "model.vocab") }
        guard case .ids(let table) = vocabulary else { throw malformed("ids by token expected", at: "model.vocab") }
        return table
    }

    /// The ids that stand before and behind a single text.
    func template() throws -> (start: [Int32], end: [Int32]) {
        guard let processor = present(root["post_processor"]) else { return ([], []) }
        switch processor["type"]?.string {
        case "TemplateProcessing": return try templateProcessing(processor)
        case "BertProcessing", "RobertaProcessing":
            return ([try pairedID(processor, "cls")], [try pairedID(processor, "sep")])
        case let type:
            throw TextError(
                .unsupported, "post-processor \(type ?? "without type")", path: path, location: "post_processor")
        }
    }

    private func templateProcessing(_ processor: JSON) throws -> (start: [Int32], end: [Int32]) {
        guard let pieces = processor["single"]?.array else {
            throw malformed("no template", at: "post_processor.single")
        }
        var start: [Int32] = []
        var end: [Int32] = []
        var sequences = 0
        for piece in pieces {
            if piece["Sequence"] != nil {
                sequences += 1
            } else if let name = piece["SpecialToken"]?["id"]?.string,
                let ids = processor["special_tokens"]?[name]?["ids"]?.array?.map({
                    $0.integer.flatMap(Int32.init(exactly:))
                })
            {
                for id in ids {
                    guard let id else { throw malformed("special token \(name) has no valid id", at: "post_processor") }
                    if sequences == 0 { start.append(id) } else { end.append(id) }
                }
            } else {
                throw malformed("a piece that is neither text nor a known token", at: "post_processor.single")
            }
        }
        guard sequences == 1 else {
            throw malformed("the template holds the text \(sequences) times", at: "post_processor.single")
        }
        return (start, end)
    }

    /// The id in `["[SEP]", 102]`.
    private func pairedID(_ processor: JSON, _ key: String) throws -> Int32 {
        guard let pair = processor[key]?.array, pair.count == 2, let id = pair[1].integer.flatMap(Int32.init(exactly:))
        else { throw malformed("a token with its id expected", at: "post_processor.\(key)") }
        return id
    }

    func require(_ type: String, in part: JSON, at location: String) throws {
        let found = part["type"]?.string ?? "of no type"
        guard found == type else {
            throw TextError(.unsupported, "\(found), \(type) expected", path: path, location: location)
        }
    }

    func present(_ value: JSON?) -> JSON? {
        if case .null? = value { nil } else { value }
    }

    func malformed(_ message: String, at location: String) -> TextError {
        TextError(.malformed, message, path: path, location: location)
    }
}
