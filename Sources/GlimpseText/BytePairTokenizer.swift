/// A byte-pair tokenizer over characters with bytes for those it lacks, as Gemma's (SigLIP 2) is.
public struct BytePairTokenizer: Tokenizer {
    private let pipeline: PreparedPipeline<BytePairModel>

    /// The most ids `encode` returns, special tokens included.
    public var contextLength: Int { pipeline.contextLength }

    /// The smallest and the largest id that `encode` may return.
    public var idRange: ClosedRange<Int32> { pipeline.idRange }

    /// Loads a `tokenizer.json` with a BPE model.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - contextLength: the most ids of a text, special tokens included.
    ///   - cleaning: what is done to the text before; `.lowercase` for SigLIP 2.
    ///   - template: the start and end tokens; those of the file where nil.
    /// - Throws: `TextError`.
    public init(
        tokenizerJSON path: String, contextLength: Int, cleaning: TextCleaning = .none, template: TextTemplate? = nil
    ) throws {
        try self.init(
            try TokenizerFile.read(path), contextLength: contextLength, cleaning: cleaning, template: template)
    }

    init(
        _ file: TokenizerFile, contextLength: Int, cleaning: TextCleaning, template: TextTemplate? = nil
    ) throws {
        pipeline = try PreparedPipeline(
            try file.pipeline(of: try file.bytePairModel(), contextLength, cleaning, template: template),
            path: file.path)
    }

    /// The ids of a text with its start and end tokens, cut to the context length.
    ///
    /// - Complexity: O(n log n).
    public func encode(_ text: String) -> [Int32] { pipeline.encode(text) }
}
