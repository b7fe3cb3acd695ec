internal import GlimpseTensor

/// A batch normalisation of a trained network: x · scale + shift, a number of each for every channel.
///
/// scale = γ / √(σ² + ε), shift = β − μ · scale. It goes into the weights of the layer before or after it. Ioffe and
/// Szegedy, "Batch Normalization", 2015.
struct BatchNorm: Sendable {
    let scale: [Float]
    let shift: [Float]

    /// - Parameters:
    ///   - width: how many channels there are.
    ///   - epsilon: ε, by default PyTorch's.
    init(_ scope: WeightScope, width: Int, epsilon: Float = 1e-5) throws {
        let gamma = try scope.tensor("weight", [width]).scalars
        let beta = try scope.tensor("bias", [width]).scalars
        let mean = try scope.tensor("running_mean", [width]).scalars
        let variance = try scope.tensor("running_var", [width]).scalars
        let scale = zip(gamma, variance).map { $0 / ($1 + epsilon).squareRoot() }
        self.scale = scale
        shift = scale.indices.map { beta[$0] - mean[$0] * scale[$0] }
    }
}
