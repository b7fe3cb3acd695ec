/// The byte-pair tokenizer of CLIP (Radford et al., 2021), as OpenAI and open_clip use it (`SimpleTokenizer`) or as
/// Hugging Face's `tokenizers` does: one merge engine, two ways of cleaning text.
public struct CLIPTokenizer: Tokenizer {
    private let pipeline: PreparedPipeline<BytePairModel>

    /// The most ids `encode` returns, start and end included.
    public var contextLength: Int { pipeline.contextLength }

    /// The smallest and the largest id that `encode` may return.
    public var idRange: ClosedRange<Int32> { pipeline.idRange }

    /// The ids of a text between its start and end tokens, cut to the context length.
    ///
    /// - Complexity: O(n log n) in the length of the longest word, else O(n).
    public func encode(_ text: String) -> [Int32] { pipeline.encode(text) }

    private init(_ pipeline: TokenizerPipeline<BytePairModel>, path: String) throws {
        self.pipeline = try PreparedPipeline(pipeline, path: path)
    }
}

extension CLIPTokenizer {
    /// OpenAI's vocabulary of 49,408 tokens with open_clip's cleaning: for checkpoints that come without a tokenizer.
    ///
    /// - Parameters:
    ///   - contextLength: the most ids of a text, start and end included.
    ///   - cleaning: `.lower` for all models but CLIPA's, which need `.canonicalize`.
    /// - Throws: `TextError` where the context has no room.
    public init(contextLength: Int = 77, cleaning: TextCleaning = .lower) throws {
        try self.init(
            TokenizerPipeline(
                contextLength: contextLength, cleaning: cleaning, splitters: [.clip(.openCLIP)],
                model: CLIPVocabulary.openAI(), startIDs: [CLIPVocabulary.startID], endIDs: [CLIPVocabulary.endID]),
            path: "CLIP tokenizer")
    }

    /// Loads a `tokenizer.json` of CLIP.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - contextLength: the most ids of a text, start and end included.
    ///   - cleaning: what is done to the text before.
    /// - Throws: `TextError`.
    public init(tokenizerJSON path: String, contextLength: Int = 77, cleaning: TextCleaning = .none) throws {
        try self.init(try TokenizerFile.read(path), contextLength: contextLength, cleaning: cleaning)
    }

    init(_ file: TokenizerFile, contextLength: Int, cleaning: TextCleaning) throws {
        guard try file.wordSplitting().isByteLevel else {
            throw TextError(
                .unsupported, "a BPE model without ByteLevel, CLIP's expected", path: file.path,
                location: "pre_tokenizer")
        }
        try self.init(try file.pipeline(of: try file.bytePairModel(), contextLength, cleaning), path: file.path)
    }

    /// Loads `vocab.json` and `merges.txt`, with the normalisation of Hugging Face's CLIP.
    ///
    /// - Parameters:
    ///   - vocabulary: the path of `vocab.json`, ids by token.
    ///   - merges: the path of `merges.txt`, a pair of tokens a line.
    ///   - contextLength: the most ids of a text, start and end included.
    ///   - cleaning: what is done to the text before.
    /// - Throws: `TextError`.
    public init(
        vocabulary: String, merges: String, contextLength: Int = 77, cleaning: TextCleaning = .none
    ) throws {
        let (model, tokens) = try CLIPVocabulary.model(vocabulary: vocabulary, merges: merges)
        let special = try [CLIPVocabulary.startToken, CLIPVocabulary.endToken].map { token in
            guard let id = tokens.id(of: token) else {
                throw TextError(
                    .malformed, "the vocabulary has no \(token)", path: vocabulary,
                    remedy: "use the vocab.json of a CLIP model")
            }
            return AddedToken(content: Array(token.utf8), id: id)
        }
        try self.init(
            TokenizerPipeline(
                contextLength: contextLength, cleaning: cleaning, addedTokens: special,
                normalizer: TextNormalizer(steps: TokenizerFile.clipNormalization),
                splitters: [.clip(.tokenizersLibrary)], model: model, startIDs: [special[0].id], endIDs: [special[1].id]
            ),
            path: vocabulary)
    }
}
