public import GlimpseMedia
public import GlimpseModels
public import GlimpseTensor

/// Files to embeddings, each on the thread that asks; many may ask at the same time.
public struct PictureEmbedder: Sendable {
    /// A picture's embedding, and its size as it is seen.
    public struct Output: Sendable {
        /// Where the model puts the picture.
        public let embedding: Embedding
        /// In pixels, before it is resized.
        public let width: Int
        /// In pixels, before it is resized.
        public let height: Int
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
    /// - Throws: `MediaError` when it cannot be read, `ModelError` when the image tower is not loaded.
    public func embed(path: String) async throws -> Output {
        let preprocessor = try embedder.model.preprocessor()
        let header = try decoder.header(path: path)
        let pixelCount = header.width * header.height
        await budget.take(pixelCount)
        let resized: Pixels
        do {
            resized = preprocessor.resized(try decoder.decode(path: path))
        } catch {
            await budget.give(pixelCount)
            throw error
        }
        await budget.give(pixelCount)
        let embedding = try embedder.embed(preprocessed: [resized])[0]
        return Output(embedding: embedding, width: header.width, height: header.height)
    }
}
