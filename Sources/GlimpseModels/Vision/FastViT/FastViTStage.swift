internal import GlimpseTensor

/// A stage of FastViT: makes the picture smaller, where it is not the first; adds what depends on the position; blocks.
///
/// x: [B, Y, X, inputs] → [B, Y', X', outputs].
struct FastViTStage: Sendable {
    /// How many channels come out.
    let outputs: Int
    private let downsampling: LargeKernelDownsampling?
    private let positions: DepthwiseConvolution?
    private let blocks: [FastViTBlock]

    init(_ scope: WeightScope, inputs: Int, on compute: Compute) throws {
        downsampling =
            scope.containsScope("downsample")
            ? try LargeKernelDownsampling(scope.scope("downsample.proj"), inputs: inputs, on: compute) : nil
        let width = downsampling?.outputs ?? inputs
        outputs = width
        positions =
            scope.containsScope("pos_emb")
            ? DepthwiseConvolution(try Self.positionWeights(scope.scope("pos_emb"), width: width)) : nil
        blocks = try scope.numberedScopes("blocks").map { block in
            try FastViTBlock(block, width: width, on: compute)
        }
    }

    /// Conditional positions: x plus a convolution of it (Chu et al., "Conditional Positional Encodings for Vision
    /// Transformers", 2021).
    private static func positionWeights(_ scope: WeightScope, width: Int) throws -> ConvolutionWeights {
        func weights(_ name: String) throws -> ConvolutionWeights {
            try ConvolutionWeights(scope.scope(name), outputs: width, inputs: 1, kernelSize: 7)
        }
        return scope.containsScope(ConvolutionWeights.joined)
            ? try weights(ConvolutionWeights.joined)
            : try weights("pos_enc") + ConvolutionWeights(identity: width, inputs: 1)
    }

    func callAsFunction(_ x: Tensor, on compute: Compute) -> Tensor {
        let smaller = downsampling.map { $0(x, on: compute) } ?? x
        let placed = positions.map { $0(smaller, on: compute) } ?? smaller
        return blocks.reduce(placed) { x, block in block(x, on: compute) }
    }
}

/// Halves a picture with a large kernel for each channel, then mixes the channels.
///
/// x: [B, Y, X, inputs] → [B, ⌈Y/2⌉, ⌈X/2⌉, outputs].
struct LargeKernelDownsampling: Sendable {
    /// How many channels come out.
    let outputs: Int
    private let filter: GatedConvolution
    private let mixer: Convolution

    /// - Parameter scope: what holds the two convolutions by their numbers.
    init(_ scope: WeightScope, inputs: Int, on compute: Compute) throws {
        let large = scope.scope("0")
        let isJoined = large.containsScope(ConvolutionWeights.joined)
        let outputs = try large.outputs(
            isJoined ? "\(ConvolutionWeights.joined).weight" : "large_conv.conv.weight", rank: 4)
        guard outputs % inputs == 0 else {
            throw large.contradiction("\(outputs) outputs from \(inputs) channels, expected a multiple")
        }
        self.outputs = outputs
        func branch(_ name: String, _ kernelSize: Int) throws -> ConvolutionWeights {
            let branch = large.scope(name)
            return try ConvolutionWeights(
                branch.scope("conv"), norm: branch.scope("bn"), outputs: outputs, inputs: 1, kernelSize: kernelSize)
        }
        let weights =
            isJoined
            ? try ConvolutionWeights(
                large.scope(ConvolutionWeights.joined), outputs: outputs, inputs: 1, kernelSize: 7)
            : try branch("large_conv", 7) + branch("small_conv", 3)
        filter = try GatedConvolution(weights, stride: 2, gate: large, on: compute)
        mixer = Convolution(
            try ConvolutionWeights(
                mobileOne: scope.scope("1"), outputs: outputs, inputs: outputs, channels: outputs, kernelSize: 1),
            activation: .gelu, on: compute)
    }

    func callAsFunction(_ x: Tensor, on compute: Compute) -> Tensor {
        mixer(filter(x, on: compute), on: compute)
    }
}
