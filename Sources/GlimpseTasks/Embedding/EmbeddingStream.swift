public import GlimpseMedia
public import GlimpseModels
public import GlimpseTensor

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
    /// For one picture: all threads work on it.
    private let alone: PictureEmbedder
    /// For several: each has one thread, and none waits for another.
    private let sideBySide: PictureEmbedder
    private let workerCount: Int

    /// Joins a model with how files are read.
    ///
    /// - Parameter compute: texts run on all its threads, and as many pictures run at the same time.
    public init(model: Model, on compute: Compute, decoder: ImageDecoder = ImageDecoder()) {
        embedder = Embedder(model: model, on: compute)
        alone = PictureEmbedder(model: model, on: compute, decoder: decoder)
        sideBySide = PictureEmbedder(model: model, on: Compute(threads: 1), decoder: decoder)
        workerCount = compute.threadCount
    }

    /// Embeds a batch; texts run together, pictures side by side.
    ///
    /// - Returns: one output an input, in the same order; a picture that cannot be read is a failure in its place.
    /// - Throws: `ModelError` when a tower is not loaded.
    public func embed(_ inputs: [EmbeddingInput]) async throws -> [Output] {
        let texts = inputs.compactMap { if case .text(let text) = $0 { text } else { nil } }
        var embeddedTexts = try (texts.isEmpty ? [] : embedder.embed(texts: texts))[...]
        var embeddedPictures = try await pictures(inputs.compactMap { $0.path })[...]
        return inputs.map { input in
            switch input {
            case .text: Output(input: input, result: .success(embeddedTexts.removeFirst()))
            case .picture: Output(input: input, result: embeddedPictures.removeFirst())
            }
        }
    }

    private func pictures(_ paths: [String]) async throws -> [Result<Embedding, MediaError>] {
        let pictures = paths.count == 1 ? alone : sideBySide
        var results: [Result<Embedding, MediaError>] = []
        try await orderedMap(paths, workerCount: workerCount) { path -> Result<Embedding, MediaError> in
            do {
                return .success(try await pictures.embed(path: path).embedding)
            } catch let error as MediaError {
                return .failure(error)
            }
        } emit: {
            results.append($0)
        }
        return results
    }
}
