internal import GlimpseTensor

/// MobileCLIP's picture tower: stages of convolutions, attention in the last ones.
///
/// Vasu et al., "FastViT: A Fast Hybrid Vision Transformer using Structural Reparameterization", 2023, with the changes
/// of "MobileCLIP", 2023, and "MobileCLIP2", 2025; as timm stores it. All sizes follow from the names and shapes of the
/// weights. What was trained as parallel branches is read as one convolution.
struct FastViT: ImageTower {
    private let stem: [StemConvolution]
    private let stages: [FastViTStage]
    private let finalConvolution: GatedConvolution
    private let head: Linear

    private enum StemConvolution: Sendable {
        case dense(Convolution)
        case depthwise(DepthwiseConvolution)
    }

    /// - Parameter embeddingDimension: E.
    init(_ scope: WeightScope, embeddingDimension: Int, on compute: Compute) throws {
        let width = try ConvolutionWeights.outputs(ofMobileOne: scope.scope("stem.0"))
        func stemWeights(_ index: Int, _ channels: Int, _ inputs: Int, _ kernelSize: Int) throws -> ConvolutionWeights {
            try ConvolutionWeights(
                mobileOne: scope.scope("stem.\(index)"), outputs: width, inputs: inputs, channels: channels,
                kernelSize: kernelSize)
        }
        stem = [
            .dense(Convolution(try stemWeights(0, 3, 3, 3), stride: 2, activation: .gelu, on: compute)),
            .depthwise(DepthwiseConvolution(try stemWeights(1, width, 1, 3), stride: 2, activation: .gelu)),
            .dense(Convolution(try stemWeights(2, width, width, 1), activation: .gelu, on: compute)),
        ]
        var channels = width
        stages = try scope.numberedScopes("stages").map { stage in
            let built = try FastViTStage(stage, inputs: channels, on: compute)
            channels = built.outputs
            return built
        }
        let final = scope.scope("final_conv")
        let outputs = try ConvolutionWeights.outputs(ofMobileOne: final)
        guard outputs % channels == 0 else {
            throw final.contradiction("\(outputs) outputs from \(channels) channels, expected a multiple")
        }
        finalConvolution = try GatedConvolution(
            ConvolutionWeights(mobileOne: final, outputs: outputs, inputs: 1, channels: channels, kernelSize: 3),
            stride: 1, gate: final, on: compute)
        head = try Linear(scope.scope("head.fc"), inputs: outputs, outputs: embeddingDimension, on: compute)
    }

    func callAsFunction(_ pictures: Tensor, on compute: Compute) -> Tensor {
        var x = stem.reduce(pictures) { x, convolution in
            switch convolution {
            case .dense(let convolution): convolution(x, on: compute)
            case .depthwise(let convolution): convolution(x, on: compute)
            }
        }
        x = stages.reduce(x) { x, stage in stage(x, on: compute) }
        return head(compute.meanOverPixels(finalConvolution(x, on: compute)), on: compute)
    }
}
