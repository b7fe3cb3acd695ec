public import GlimpseMedia
public import GlimpseTensor
internal import GlimpseText

/// Turns pictures and texts into embeddings with one model on one `Compute`.
public struct Embedder: Sendable {
    /// The model.
    public let model: Model
    private let compute: Compute

    /// Texts run together in one pass; more gain nothing and cost memory.
    private static let textBatch = 64

    /// Joins a model with what it runs on.
    public init(model: Model, on compute: Compute) {
        self.model = model
        self.compute = compute
    }

    /// Embeds pictures of any size, in one pass.
    ///
    /// - Throws: `ModelError` when the image tower is not loaded.
    public func embed(pictures: [Pixels]) throws -> [Embedding] {
        let preprocessor = try model.imageSide().preprocessor
        return try embed(preprocessed: pictures.map(preprocessor.resized))
    }

    /// Embeds pictures that `Preprocessor.resized` has made, in one pass.
    ///
    /// - Throws: `ModelError` when the image tower is not loaded.
    public func embed(preprocessed pictures: [Pixels]) throws -> [Embedding] {
        try projections(preprocessed: pictures).map(embedding)
    }

    /// What the image tower makes of pictures that `Preprocessor.resized` has made, in one pass: [B, D], of whatever length the model gives.
    ///
    /// - Throws: `ModelError` when the image tower is not loaded.
    public func projections(preprocessed pictures: [Pixels]) throws -> [[Float]] {
        let side = try model.imageSide()
        guard !pictures.isEmpty else { return [] }
        return rows(side.tower(side.preprocessor.normalized(pictures, on: compute), on: compute))
    }

    /// Embeds texts; one longer than the model's context is cut at its end.
    ///
    /// - Throws: `ModelError` when the text tower is not loaded.
    public func embed(texts: [String]) throws -> [Embedding] { try projections(texts: texts).map(embedding) }

    /// What the text tower makes of texts: [B, D], of whatever length the model gives; one longer than the model's context is cut at its
    /// end.
    ///
    /// - Throws: `ModelError` when the text tower is not loaded.
    public func projections(texts: [String]) throws -> [[Float]] {
        guard let side = model.text else {
            throw ModelError(.missingTower, "the text tower of \(model.identity.name) is not loaded")
        }
        let ids = texts.map(side.tokenizer.encode)
        // Texts that begin alike go in one batch: a tower may compute once what they have in common.
        let order = ids.indices.sorted { ids[$0].lexicographicallyPrecedes(ids[$1]) }
        var projections = [[Float]](repeating: [], count: ids.count)
        for start in stride(from: 0, to: order.count, by: Self.textBatch) {
            let batch = order[start..<min(start + Self.textBatch, order.count)]
            for (index, row) in zip(batch, rows(side.tower(batch.map { ids[$0] }, on: compute))) {
                projections[index] = row
            }
        }
        return projections
    }

    private func rows(_ tensor: Tensor) -> [[Float]] { (0..<tensor.shape[0]).map { Array(tensor.row($0)) } }

    private func embedding(_ projection: [Float]) -> Embedding {
        Embedding(normalizing: projection, model: model.identity)
    }
}
