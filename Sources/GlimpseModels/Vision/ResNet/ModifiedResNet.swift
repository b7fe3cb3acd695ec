internal import GlimpseTensor

/// OpenAI's residual network: a stem of three convolutions, average pooling in place of strides, attention at the end.
///
/// He et al., "Deep Residual Learning for Image Recognition", 2015, modified as in Radford et al., "Learning
/// Transferable Visual Models From Natural Language Supervision", 2021: RN50 to RN50x64. Batch norms are folded into
/// the convolutions.
struct ModifiedResNet: ImageTower {
    private let stem: [Convolution]
    private let blocks: [Bottleneck]
    private let pooling: MeanQueryPooling

    init(_ configuration: ModifiedResNetConfiguration, _ scope: WeightScope, on compute: Compute) throws {
        let half = configuration.width / 2
        let channels = [3, half, half, configuration.width]
        stem = try (1...3).map { index in
            let weights = try ConvolutionWeights(
                scope.scope("conv\(index)"), norm: scope.scope("bn\(index)"), outputs: channels[index],
                inputs: channels[index - 1], kernelSize: 3)
            return Convolution(weights, stride: index == 1 ? 2 : 1, activation: .relu, on: compute)
        }
        var blocks: [Bottleneck] = []
        var inputs = configuration.width
        for (stage, count) in configuration.blockCounts.enumerated() {
            let width = configuration.width << stage
            for index in 0..<count {
                blocks.append(
                    try Bottleneck(
                        scope.scope("layer\(stage + 1).\(index)"), inputs: inputs, width: width,
                        stride: index == 0 && stage > 0 ? 2 : 1, isFirst: index == 0, on: compute))
                inputs = Bottleneck.expansion * width
            }
        }
        self.blocks = blocks
        pooling = try MeanQueryPooling(configuration, scope.scope("attnpool"), on: compute)
    }

    func callAsFunction(_ pictures: Tensor, on compute: Compute) -> Tensor {
        let filtered = stem.reduce(pictures) { x, convolution in convolution(x, on: compute) }
        let pooled = compute.averagePooling(filtered, size: 2)
        return pooling(blocks.reduce(pooled) { x, block in block(x, on: compute) }, on: compute)
    }
}
