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
        /// The cosine of the picture and the label, −1…1.
        public let cosine: Float
    }

    private let head: ZeroShotHead
    private let calibration: Calibration

    /// Joins labels with how their model's cosines become probabilities.
    public init(head: ZeroShotHead, calibration: Calibration) {
        self.head = head
        self.calibration = calibration
    }

    /// The labels that fit a picture best, the best first.
    ///
    /// - Precondition: the picture's model is the head's.
    /// - Complexity: O(labels · D).
    public func classify(_ picture: Embedding, top: Int) -> [Prediction] {
        let cosines = head.cosines(picture)
        let probabilities = calibration.probabilities(cosines)
        let order = cosines.indices.sorted { (cosines[$0], $1) > (cosines[$1], $0) }
        return order.prefix(top).map { index in
            Prediction(label: head.labels[index], probability: probabilities[index], cosine: cosines[index])
        }
    }
}
