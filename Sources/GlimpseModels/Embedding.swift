/// Which model made a vector: vectors of different models never meet.
public struct ModelIdentity: Hashable, Sendable, Codable {
    /// The name a person uses, such as `lite` or `ViT-B-32`.
    public let name: String
    /// A digest over the model's weights and configuration; two folders with the same fingerprint give the same numbers.
    public let fingerprint: String
    /// The length of the model's vectors.
    public let dimension: Int

    /// Names a model by what a person calls it, what it is made of and how long its vectors are.
    public init(name: String, fingerprint: String, dimension: Int) {
        self.name = name
        self.fingerprint = fingerprint
        self.dimension = dimension
    }
}

/// One picture or text as a point in a model's space: L2-normalised, tagged with its model.
public struct Embedding: Hashable, Sendable {
    /// The model that made it.
    public let model: ModelIdentity
    /// The vector, [D], of length 1.
    public let values: [Float]

    /// Takes a vector of any length and scales it to length 1; a zero vector stays zero.
    ///
    /// - Precondition: `values.count == model.dimension`.
    public init(normalizing values: [Float], model: ModelIdentity) {
        precondition(values.count == model.dimension, "Embedding: \(values.count) values for \(model)")
        self.values = values.normalized()
        self.model = model
    }

    /// The cosine of the angle between two embeddings of the same model, −1…1.
    public func cosine(to other: Embedding) -> Float {
        precondition(model == other.model, "Embedding: cosine of \(model.name) and \(other.model.name)")
        var sum: Float = 0
        for index in values.indices { sum += values[index] * other.values[index] }
        return sum
    }
}
