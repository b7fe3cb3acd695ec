internal import GlimpseTensor

/// y = activation(x Wᵀ + b) + residual.
///
/// x: [..., K] → [..., N]; weights [N, K], bias [N].
struct Linear: Sendable {
    private let weights: PackedMatrix
    private let bias: Tensor?

    init(weights: Tensor, bias: Tensor?, on compute: Compute) {
        self.weights = PackedMatrix(weights, on: compute)
        self.bias = bias
    }

    init(_ scope: WeightScope, inputs: Int, outputs: Int, on compute: Compute) throws {
        self.init(
            weights: try scope.tensor("weight", [outputs, inputs]), bias: try scope.tensor("bias", [outputs]),
            on: compute)
    }

    func callAsFunction(
        _ x: Tensor, activation: Activation = .none, residual: Tensor? = nil, on compute: Compute
    ) -> Tensor {
        compute.matrixMultiply(x, weights, bias: bias, activation: activation, residual: residual)
    }
}
