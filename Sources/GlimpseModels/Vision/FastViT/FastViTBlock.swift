internal import GlimpseTensor

/// A block of FastViT: mixes the pixels, by a convolution or by attention, then the channels of each.
///
/// x: [B, Y, X, D] → [B, Y, X, D].
struct FastViTBlock: Sendable {
    private let mixer: Mixer
    private let perceptron: ConvolutionalPerceptron

    private enum Mixer: Sendable {
        case convolution(DepthwiseConvolution)
        case attention(PixelAttention)
    }

    init(_ scope: WeightScope, width: Int, on compute: Compute) throws {
        let hasAttention = scope.contains("token_mixer.qkv.weight")
        mixer =
            hasAttention
            ? .attention(try PixelAttention(scope, width: width, on: compute))
            : .convolution(
                DepthwiseConvolution(try ConvolutionWeights(repMixer: scope.scope("token_mixer"), width: width)))
        perceptron = try ConvolutionalPerceptron(
            scope.scope("mlp"), width: width,
            scale: try scope.flatTensor(
                hasAttention ? "layer_scale_2.gamma" : "layer_scale.gamma", count: width), on: compute)
    }

    func callAsFunction(_ x: Tensor, on compute: Compute) -> Tensor {
        let mixed =
            switch mixer {
            case .convolution(let convolution): convolution(x, on: compute)
            case .attention(let attention): attention(x, on: compute)
            }
        return perceptron(mixed, on: compute)
    }
}

extension ConvolutionWeights {
    /// FastViT's mixer x + scale · (mixer(x) − norm(x)), whose parts are all convolutions of each channel by itself, as
    /// one.
    fileprivate init(repMixer scope: WeightScope, width: Int) throws {
        guard !scope.containsScope(Self.joined) else {
            try self.init(scope.scope(Self.joined), outputs: width, inputs: 1, kernelSize: 3)
            return
        }
        let (mixer, norm) = (scope.scope("mixer"), scope.scope("norm"))
        let difference =
            try ConvolutionWeights(mobileOne: mixer, outputs: width, inputs: 1, channels: width, kernelSize: 3)
            - ConvolutionWeights(mobileOne: norm, outputs: width, inputs: 1, channels: width, kernelSize: 3)
        let scale = try scope.flatTensor("layer_scale.gamma", count: width)
        self = ConvolutionWeights(identity: width, inputs: 1) + difference.scaled(by: scale.scalars)
    }
}

/// x + scale · attention(norm(x)) over the pixels of a picture.
///
/// x: [B, Y, X, D] → [B, Y, X, D].
struct PixelAttention: Sendable {
    /// Every head of FastViT sees 32 numbers of a pixel.
    private static let headWidth = 32

    private let headCount: Int
    /// Where the model was trained with batch normalisation, it is part of the projections.
    private let norm: LayerNorm?
    private let projections: Linear
    private let output: Linear

    /// - Parameter scope: of the block.
    init(_ scope: WeightScope, width: Int, on compute: Compute) throws {
        guard width % Self.headWidth == 0 else {
            throw scope.contradiction("attention over \(width) channels, expected a multiple of \(Self.headWidth)")
        }
        headCount = width / Self.headWidth
        let stored = try scope.tensor("token_mixer.qkv.weight", [3 * width, width])
        if scope.contains("norm.running_mean") {
            norm = nil
            let batchNorm = try BatchNorm(scope.scope("norm"), width: width)
            projections = Linear(stored, after: batchNorm, on: compute)
        } else {
            norm = try LayerNorm(scope.scope("norm"), width: width, epsilon: 1e-5)
            projections = Linear(weights: stored, bias: nil, on: compute)
        }
        let scale = try scope.flatTensor("layer_scale_1.gamma", count: width)
        let projection = scope.scope("token_mixer.proj")
        output = Linear(
            weights: try projection.tensor("weight", [width, width]).multiplyingRows(by: scale),
            bias: try projection.tensor("bias", [width]).multiplyingRows(by: scale), on: compute)
    }

    func callAsFunction(_ x: Tensor, on compute: Compute) -> Tensor {
        let (pictures, pixels, width) = (x.shape[0], x.shape[1] * x.shape[2], x.shape[3])
        let tokens = x.reshaped(to: [pictures * pixels, width])
        let projected = projections(norm.map { $0(tokens, on: compute) } ?? tokens, on: compute)
        let mixed = compute.attention(
            projected, PackedSequences(offsets: (0...pictures).map { $0 * pixels }), headCount: headCount)
        return output(mixed, residual: tokens, on: compute).reshaped(to: x.shape)
    }
}

/// x + scale · perceptron(convolution(x)): the perceptron works on each pixel, which a large kernel has shown its
/// surroundings.
///
/// x: [B, Y, X, D] → [B, Y, X, D].
struct ConvolutionalPerceptron: Sendable {
    private let convolution: DepthwiseConvolution
    private let input: Linear
    private let output: Linear

    /// - Parameter scale: [D].
    init(_ scope: WeightScope, width: Int, scale: Tensor, on compute: Compute) throws {
        let conv = scope.scope("conv")
        convolution = DepthwiseConvolution(
            try ConvolutionWeights(
                conv.scope("conv"), norm: conv.scope("bn"), outputs: width, inputs: 1, kernelSize: 7))
        let hidden = try scope.outputs("fc1.weight", rank: 4)
        input = Linear(
            try ConvolutionWeights(scope.scope("fc1"), outputs: hidden, inputs: width, kernelSize: 1), on: compute)
        let second = try ConvolutionWeights(scope.scope("fc2"), outputs: width, inputs: hidden, kernelSize: 1)
        output = Linear(second.scaled(by: scale.scalars), on: compute)
    }

    func callAsFunction(_ x: Tensor, on compute: Compute) -> Tensor {
        let hidden = input(convolution(x, on: compute), activation: .gelu, on: compute)
        return output(hidden, residual: x, on: compute)
    }
}
