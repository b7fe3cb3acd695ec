internal import Foundation
package import GlimpseTensor

/// A family of dual encoders as a checkpoint of it describes itself: its sizes, and where in a file its weights are.
package protocol Architecture: Sendable {
    /// E, the length of the model's vectors.
    var dimension: Int { get }
    /// The side of the pictures the model sees, in pixels.
    var imageSide: Int { get }
    /// The most tokens of a text.
    var contextLength: Int { get }
    /// How many tokens the model has vectors for.
    var vocabularySize: Int { get }

    /// Which tower a tensor belongs to; nil for what inference does not need, such as buffers and decoders.
    func tower(ofTensor name: String) -> Model.Towers?
    func imageTower(_ weights: WeightReader, on compute: Compute) throws -> any ImageTower
    func textTower(_ weights: WeightReader, on compute: Compute) throws -> any TextTower
    /// How cosines become scores.
    func calibration(_ weights: WeightReader) throws -> Calibration
}

/// What turns a cosine into a score.
public struct Calibration: Hashable, Sendable {
    /// What cosines are multiplied by.
    public let logitScale: Float
    /// What is added then. Models with a bias (SigLIP) judge every pair by itself, by a sigmoid; those without compare labels, by a
    /// softmax.
    public let logitBias: Float?

    /// How probable it is that each label fits, given the cosines of a picture with all of them; each 0…1.
    public func probabilities(_ cosines: [Float]) -> [Float] {
        if let logitBias {
            return cosines.map { cosine in
                let logit: Float = logitScale * cosine + logitBias
                return 1 / (1 + exp(-logit))
            }
        }
        let best = cosines.max() ?? 0
        let weights: [Float] = cosines.map { exp(logitScale * ($0 - best)) }
        let total = weights.reduce(0, +)
        return weights.map { $0 / total }
    }

    /// - Throws: `ModelError` when a number is not finite.
    init(logitScale: Float, logitBias: Float?, at location: String) throws {
        guard logitScale.isFinite, logitScale > 0, logitBias?.isFinite ?? true else {
            throw ModelError(
                .invalidConfiguration, "logit scale \(logitScale), bias \(logitBias.map { "\($0)" } ?? "none")",
                at: location)
        }
        self.logitScale = logitScale
        self.logitBias = logitBias
    }
}

extension Calibration {
    /// Reads `logit_scale`, which is stored as a logarithm, and `logit_bias` where the model has one.
    init(_ weights: WeightReader, hasBias: Bool) throws {
        let scope = weights.scope("")
        let scale = try scope.flatTensor("logit_scale", count: 1).scalars[0]
        let bias = hasBias ? try scope.flatTensor("logit_bias", count: 1).scalars[0] : nil
        try self.init(logitScale: exp(scale), logitBias: bias, at: weights.path)
    }
}
