internal import GlimpseTensor

/// Makes tokens of pictures: a square each.
///
/// x: [B, Y, X, 3] → [B, Y/P, X/P, D], or [B · Y/P · X/P, D].
enum PatchEmbedding: Sendable {
    /// A linear map of the squares' pixels.
    case squares(Linear, size: Int)
    /// Convolutions one after the other.
    case stem([Convolution])

    /// The kernels of a stem, which are also its strides.
    private static let stemKernels = [4, 2, 2]
    /// The side of the squares that a stem makes.
    static let stemStride = stemKernels.reduce(1, *)
    /// How many times fewer channels the stem has before its last convolution.
    static let stemReduction = 4

    init(
        _ configuration: VisionTransformerConfiguration, _ scope: WeightScope, keys: VisionTransformerKeys,
        on compute: Compute
    ) throws {
        let width = configuration.transformer.width
        switch configuration.patches {
        case .squares(let hasBias):
            let convolution = scope.scope(keys.patches)
            let size = configuration.patchSize
            let inputs = size * size * 3
            let weights = try convolution.matrix("weight", outputs: width, inputs: inputs, exactly: true, on: compute) {
                try convolution.tensor("weight", [width, 3, size, size]).movingChannelsLast()
                    .reshaped(to: [width, inputs])
            }
            let bias = hasBias ? try convolution.tensor("bias", [width]) : nil
            self = .squares(Linear(weights: weights, bias: bias), size: size)
        case .convolutionalStem:
            let narrow = width / Self.stemReduction
            let channels = [3, narrow, narrow, width]
            self = .stem(
                try Self.stemKernels.enumerated().map { index, size in
                    let layer = scope.scope(keys.patches).scope("\(index)")
                    let isLast = index == Self.stemKernels.count - 1
                    let (inputs, outputs) = (channels[index], channels[index + 1])
                    // The last one has a bias, the others a batch normalisation and GELU.
                    let weights =
                        isLast
                        ? try ConvolutionWeights(
                            layer.scope("conv"), outputs: outputs, inputs: inputs, kernelSize: size)
                        : try ConvolutionWeights(
                            layer.scope("conv"), norm: layer.scope("bn"), outputs: outputs, inputs: inputs,
                            kernelSize: size)
                    return Convolution(
                        weights, stride: size, padding: 0, activation: isLast ? .none : .gelu, on: compute)
                })
        }
    }

    func callAsFunction(_ pictures: Tensor, on compute: Compute) -> Tensor {
        switch self {
        case .squares(let linear, let size): linear(compute.patches(pictures, size: size), on: compute)
        case .stem(let convolutions): convolutions.reduce(pictures) { x, convolution in convolution(x, on: compute) }
        }
    }
}
