internal import GlimpseTensor

/// Weighs the channels of a picture by what all its pixels show: activation(x ·
/// sigmoid(expand(relu(squeeze(mean(x)))))).
///
/// x: [B, Y, X, C] → [B, Y, X, C]. Hu et al., "Squeeze-and-Excitation Networks", 2017.
struct SqueezeExcitation: Sendable {
    private let squeeze: Linear
    private let expand: Linear

    init(_ scope: WeightScope, channels: Int, on compute: Compute) throws {
        let width = try scope.outputs("fc1.weight", rank: 4)
        squeeze = Linear(
            try ConvolutionWeights(scope.scope("fc1"), outputs: width, inputs: channels, kernelSize: 1), on: compute)
        expand = Linear(
            try ConvolutionWeights(scope.scope("fc2"), outputs: channels, inputs: width, kernelSize: 1), on: compute)
    }

    func callAsFunction(_ x: Tensor, activation: Activation, on compute: Compute) -> Tensor {
        let squeezed = squeeze(compute.meanOverPixels(x), activation: .relu, on: compute)
        return compute.channelGate(x, gates: expand(squeezed, on: compute), activation: activation)
    }
}

/// A convolution of each channel by itself, where the file has it squeeze-and-excitation, and GELU.
///
/// x: [B, Y, X, C] → [B, ⌈Y/stride⌉, ⌈X/stride⌉, N].
struct GatedConvolution: Sendable {
    private let convolution: DepthwiseConvolution
    private let gate: SqueezeExcitation?

    /// - Parameter scope: what holds the gate's weights as `se`.
    init(_ weights: ConvolutionWeights, stride: Int, gate scope: WeightScope, on compute: Compute) throws {
        gate =
            scope.containsScope("se")
            ? try SqueezeExcitation(scope.scope("se"), channels: weights.outputs, on: compute) : nil
        convolution = DepthwiseConvolution(weights, stride: stride, activation: gate == nil ? .gelu : .none)
    }

    func callAsFunction(_ x: Tensor, on compute: Compute) -> Tensor {
        let filtered = convolution(x, on: compute)
        return gate.map { $0(filtered, activation: .gelu, on: compute) } ?? filtered
    }
}
