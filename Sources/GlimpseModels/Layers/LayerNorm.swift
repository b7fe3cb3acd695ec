internal import GlimpseTensor

/// (x − mean) / √(variance + ε) · gain + shift over the last axis.
///
/// x: [..., D] → [..., D].
struct LayerNorm: Sendable {
    private let gain: Tensor
    private let shift: Tensor
    private let epsilon: Float

    init(_ scope: WeightScope, width: Int, epsilon: Float) throws {
        gain = try scope.tensor("weight", [width])
        shift = try scope.tensor("bias", [width])
        self.epsilon = epsilon
    }

    func callAsFunction(_ x: Tensor, on compute: Compute) -> Tensor {
        compute.layerNormalization(x, gain: gain, shift: shift, epsilon: epsilon)
    }
}
