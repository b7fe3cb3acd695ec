/// SentencePiece's unigram tokenizer (Kudo, 2018), as SigLIP and XLM-RoBERTa use it.
public struct UnigramTokenizer: Tokenizer {
    private let pipeline: PreparedPipeline<UnigramModel>

    /// The most ids `encode` returns, special tokens included.
    public var contextLength: Int { pipeline.contextLength }

    /// The smallest and the largest id that `encode` may return.
    public var idRange: ClosedRange<Int32> { pipeline.idRange }

    /// Loads a `tokenizer.json` with a Unigram model.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - contextLength: the most ids of a text, special tokens included.
    ///   - cleaning: what is done to the text before: `.unpunctuated` for SigLIP where its file does not do it,
    ///     `.canonicalize` for SigLIP in open_clip.
    /// - Throws: `TextError`.
    public init(tokenizerJSON path: String, contextLength: Int, cleaning: TextCleaning = .none) throws {
        try self.init(try TokenizerFile.read(path), contextLength: contextLength, cleaning: cleaning)
    }

    init(_ file: TokenizerFile, contextLength: Int, cleaning: TextCleaning) throws {
        pipeline = try PreparedPipeline(
            try file.pipeline(of: try file.unigramModel(), contextLength, cleaning), path: file.path)
    }

    /// Loads a model file of SentencePiece.
    ///
    /// - Parameters:
    ///   - path: the file, `spiece.model` or `sentencepiece.bpe.model`.
    ///   - layout: how the file's pieces become ids.
    ///   - contextLength: the most ids of a text, special tokens included.
    ///   - cleaning: what is done to the text before, as above.
    /// - Throws: `TextError`.
    public init(
        sentencePiece path: String, layout: SentencePieceLayout, contextLength: Int, cleaning: TextCleaning = .none
    ) throws {
        let file = try SentencePieceFile(path: path)
        let (start, end) = try layout.template(file)
        pipeline = try PreparedPipeline(
            TokenizerPipeline(
                contextLength: contextLength, cleaning: cleaning,
                normalizer: TextNormalizer(steps: [.sentencePiece(file.normalizer())]),
                model: try file.unigramModel(layout), startIDs: start, endIDs: end),
            path: path)
    }

    /// The ids of a text with its start and end tokens, cut to the context length.
    ///
    /// - Complexity: O(bytes · longest token).
    public func encode(_ text: String) -> [Int32] { pipeline.encode(text) }
}
