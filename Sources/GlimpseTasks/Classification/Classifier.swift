internal import Foundation
public import GlimpseModels

/// Tells which of a set of labels fit a picture, without training.
///
/// Radford et al., "Learning Transferable Visual Models From Natural Language Supervision", 2021, §3.1.
public struct Classifier: Sendable {
    /// A label and how well it fits.
    public struct Prediction: Hashable, Sendable {
        /// The label.
        public let label: String
        /// How probable it is, 0…1. Of most models, its share among the labels given: all of a picture's shares add up to 1. Models
        /// with a logit bias (SigLIP) judge each label by itself.
        public let probability: Float
        /// The cosine of the picture and the label's sentence, −1…1.
        public let cosine: Float
    }

    private let labels: [String]
    private let embeddings: [Embedding]
    private let calibration: Calibration

    /// Embeds every label once.
    ///
    /// - Throws: `ModelError` when the text tower is not loaded.
    public init(_ labels: LabelSet, embedder: Embedder) throws {
        self.labels = labels.labels
        embeddings = try embedder.embed(texts: labels.sentences)
        calibration = embedder.model.calibration
    }

    /// The labels that fit a picture best, the best first.
    ///
    /// - Complexity: O(labels · D).
    public func classify(_ picture: Embedding, top: Int) -> [Prediction] {
        let cosines = embeddings.map(picture.cosine(to:))
        let probabilities = calibration.probabilities(cosines)
        let order = cosines.indices.sorted { (cosines[$0], $1) > (cosines[$1], $0) }
        return order.prefix(top).map { index in
            Prediction(label: labels[index], probability: probabilities[index], cosine: cosines[index])
        }
    }
}
