package import GlimpseTensor

/// EfficientNet-Lite with its batch norms folded into the convolutions.
///
/// Tan and Le, "EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks", 2019.
package struct EfficientNet: Sendable {
    let configuration: EfficientNetConfiguration
    private let stem: Convolution
    private let blocks: [InvertedResidual]
    private let head: Convolution
    private let classifier: Linear

    package init(_ configuration: EfficientNetConfiguration, _ scope: WeightScope, on compute: Compute) throws {
        self.configuration = configuration
        stem = try Convolution(
            scope.scope("stem"), inputs: 3, outputs: configuration.stemChannels,
            geometry: ConvolutionGeometry(kernelSize: 3, stride: 2), activation: .relu6, on: compute)
        let stages = configuration.blocks
        blocks = try stages.enumerated().map { index, stage in
            try InvertedResidual(stage, scope.scope("blocks.\(index)"), on: compute)
        }
        head = try Convolution(
            scope.scope("head"), inputs: stages[stages.count - 1].outputs, outputs: configuration.headChannels,
            geometry: ConvolutionGeometry(kernelSize: 1, stride: 1), activation: .relu6, on: compute)
        classifier = try Linear(
            scope.scope("classifier"), inputs: configuration.headChannels, outputs: configuration.labelCount,
            on: compute)
    }

    /// What the last convolution sees, averaged over the picture.
    ///
    /// - Parameter pictures: [B, Y, X, 3], normalised.
    /// - Returns: [B, headChannels].
    package func features(_ pictures: Tensor, on compute: Compute) -> Tensor {
        var x = stem(pictures, on: compute)
        for block in blocks { x = block(x, on: compute) }
        return compute.meanOverPixels(head(x, on: compute))
    }

    /// - Parameter features: [B, headChannels].
    /// - Returns: logits, [B, labelCount].
    package func logits(_ features: Tensor, on compute: Compute) -> Tensor {
        classifier(features, on: compute)
    }
}

/// A block that widens, looks at each channel by itself, and narrows again; with a skip where the shape allows one.
///
/// x: [B, Y, X, inputs] → [B, ⌈Y/stride⌉, ⌈X/stride⌉, outputs]. Sandler et al., "MobileNetV2", 2018.
private struct InvertedResidual: Sendable {
    private let weights: InvertedResidualWeights
    private let hasSkip: Bool

    init(_ stage: EfficientNetConfiguration.Stage, _ scope: WeightScope, on compute: Compute) throws {
        let width = stage.inputs * stage.expansion
        func pointwise(_ name: String, _ inputs: Int, _ outputs: Int) throws -> InvertedResidualWeights.Pointwise {
            let layer = scope.scope(name)
            let weights = try layer.matrix("weight", outputs: outputs, inputs: inputs, exactly: true, on: compute) {
                try layer.tensor("weight", [outputs, inputs, 1, 1]).reshaped(to: [outputs, inputs])
            }
            return (weights, try layer.tensor("bias", [outputs]))
        }
        let size = stage.kernelSize
        let depthwise = try scope.scope("depthwise").tensor("weight", [width, 1, size, size])
        weights = InvertedResidualWeights(
            expand: try stage.expansion == 1 ? nil : pointwise("expand", stage.inputs, width),
            depthwise: depthwise.reshaped(to: [width, size * size]).transposed().reshaped(to: [size, size, width]),
            depthwiseBias: try scope.scope("depthwise").tensor("bias", [width]),
            geometry: ConvolutionGeometry(kernelSize: size, stride: stage.stride),
            project: try pointwise("project", width, stage.outputs))
        hasSkip = stage.stride == 1 && stage.inputs == stage.outputs
    }

    func callAsFunction(_ x: Tensor, on compute: Compute) -> Tensor {
        compute.invertedResidual(x, weights, hasSkip: hasSkip)
    }
}
