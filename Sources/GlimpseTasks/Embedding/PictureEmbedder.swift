public import GlimpseMedia
public import GlimpseModels
public import GlimpseTensor

/// Files to embeddings, each on the thread that asks; many may ask at the same time.
public struct PictureEmbedder: Sendable {
    /// A picture's embedding, and what else was learned on the way.
    public struct Output: Sendable {
        /// Where the model puts the picture.
        public let embedding: Embedding
        /// What the file says of the picture.
        public let header: ImageHeader
        /// What copies are recognised by; nil unless it was asked for.
        public let signature: PictureSignature?
    }

    private let embedder: Embedder
    private let decoder: ImageDecoder
    private let budget: PixelBudget

    /// Joins a model with how files are read.
    ///
    /// - Parameters:
    ///   - model: with its image tower.
    ///   - compute: with one thread where many pictures are embedded at the same time.
    ///   - decoder: how files are read.
    ///   - budget: shared by all that decode at the same time.
    public init(model: Model, on compute: Compute, decoder: ImageDecoder, budget: PixelBudget = PixelBudget()) {
        embedder = Embedder(model: model, on: compute)
        self.decoder = decoder
        self.budget = budget
    }

    /// Decodes, resizes and embeds the file at `path`.
    ///
    /// - Parameter isSigning: whether the signature is computed, too.
    /// - Throws: `MediaError` when it cannot be read, `ModelError` when the image tower is not loaded.
    public func embed(path: String, isSigning: Bool = false) async throws -> Output {
        let preprocessor = try embedder.model.preprocessor()
        let decoded = try await decoding(path) { picture in
            (preprocessor.resized(picture), isSigning ? PictureSignature(of: picture) : nil)
        }
        let embedding = try embedder.embed(preprocessed: [decoded.result.0])[0]
        return Output(embedding: embedding, header: decoded.header, signature: decoded.result.1)
    }

    /// What the file at `path` says of its picture, and the picture's signature.
    ///
    /// - Throws: `MediaError` when it cannot be read.
    public func describe(path: String) async throws -> (header: ImageHeader, signature: PictureSignature) {
        let decoded = try await decoding(path) { PictureSignature(of: $0) }
        return (decoded.header, decoded.result)
    }

    /// Runs `body` with the picture, while no more pixels than the budget allows are in memory.
    private func decoding<Result>(
        _ path: String, _ body: (Pixels) throws -> Result
    ) async throws -> (header: ImageHeader, result: Result) {
        let header = try decoder.header(path: path)
        let pixelCount = header.width * header.height
        await budget.take(pixelCount)
        do {
            let result = try body(decoder.decode(path: path))
            await budget.give(pixelCount)
            return (header, result)
        } catch {
            await budget.give(pixelCount)
            throw error
        }
    }
}
