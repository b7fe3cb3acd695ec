internal import GlimpseTensor

/// y = activation(x Wᵀ + b) + residual.
///
/// x: [..., K] → [..., N]; weights [N, K], bias [N].
struct Linear: Sendable {
    private let weights: PackedMatrix
    private let bias: Tensor?

    init(weights: PackedMatrix, bias: Tensor?) {
        self.weights = weights
        self.bias = bias
    }

    init(weights: Tensor, bias: Tensor?, on compute: Compute) {
        self.init(weights: PackedMatrix(weights, on: compute), bias: bias)
    }

    init(_ scope: WeightScope, inputs: Int, outputs: Int, on compute: Compute) throws {
        self.init(
            weights: try scope.matrix("weight", outputs: outputs, inputs: inputs, on: compute),
            bias: try scope.tensor("bias", [outputs]))
    }

    func callAsFunction(
        _ x: Tensor, activation: Activation = .none, residual: Tensor? = nil, on compute: Compute
    ) -> Tensor {
        compute.matrixMultiply(x, weights, bias: bias, activation: activation, residual: residual)
    }
}

extension Linear {
    /// The map to a range of the outputs; nil where its weights cannot be taken apart there.
    func outputs(_ range: Range<Int>) -> Linear? {
        weights.outputs(range).map { Linear(weights: $0, bias: bias?.slice(range)) }
    }

    /// A convolution of single pixels, as a map of each pixel.
    init(_ convolution: ConvolutionWeights, on compute: Compute) {
        precondition(convolution.kernelSize == 1, "Linear: a kernel of \(convolution.kernelSize) pixels")
        self.init(weights: convolution.dense, bias: convolution.biasTensor, on: compute)
    }

    /// A map [N, K] without a bias, of what a batch normalisation of its K inputs gives.
    ///
    /// W (x · scale + shift) = (W · scale) x + W shift.
    init(_ weights: Tensor, after norm: BatchNorm, on compute: Compute) {
        let inputs = weights.shape[1]
        precondition(norm.scale.count == inputs, "Linear: weights \(weights.shape), \(norm.scale.count) channels")
        var scaled = weights.scalars
        var bias: [Float] = []
        for row in 0..<weights.shape[0] {
            var sum: Float = 0
            for column in 0..<inputs {
                let place = row * inputs + column
                sum += scaled[place] * norm.shift[column]
                scaled[place] *= norm.scale[column]
            }
            bias.append(sum)
        }
        self.init(
            weights: Tensor(shape: weights.shape, scalars: scaled),
            bias: Tensor(shape: [bias.count], scalars: bias), on: compute)
    }
}
