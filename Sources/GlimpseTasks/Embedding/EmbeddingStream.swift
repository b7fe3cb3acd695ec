public import GlimpseMedia
public import GlimpseModels

/// Embeds texts and pictures in the order they come: a pure stage, lines in and vectors out.
public struct EmbeddingStream: Sendable {
    /// What came of one input.
    public struct Output: Sendable {
        /// The text or picture.
        public let input: EmbeddingInput
        /// Its embedding, or why there is none.
        public let result: Result<Embedding, MediaError>
    }

    private let embedder: Embedder
    private let decoder: ImageDecoder

    /// Joins a model with how files are read.
    public init(embedder: Embedder, decoder: ImageDecoder = ImageDecoder()) {
        self.embedder = embedder
        self.decoder = decoder
    }

    /// Embeds a batch; texts run together, pictures one by one.
    ///
    /// - Returns: one output an input, in the same order; a picture that cannot be read is a failure in its place.
    /// - Throws: `ModelError` when a tower is not loaded.
    public func embed(_ inputs: [EmbeddingInput]) throws -> [Output] {
        let texts = inputs.compactMap { if case .text(let text) = $0 { text } else { nil } }
        var embedded = try (texts.isEmpty ? [] : embedder.embed(texts: texts))[...]
        return try inputs.map { input in
            switch input {
            case .text:
                return Output(input: input, result: .success(embedded.removeFirst()))
            case .picture(let path):
                do {
                    let picture = try decoder.decode(path: path)
                    return Output(input: input, result: .success(try embedder.embed(pictures: [picture])[0]))
                } catch let error as MediaError {
                    return Output(input: input, result: .failure(error))
                }
            }
        }
    }
}
