/// The shape of an EfficientNet-Lite: no squeeze-and-excitation, ReLU6, stem and head of fixed width.
package struct EfficientNetConfiguration: Codable, Hashable, Sendable {
    /// A run of blocks that differ only in that the first steps and widens.
    struct Stage: Codable, Hashable, Sendable {
        let kernelSize: Int
        let stride: Int
        let expansion: Int
        let inputs: Int
        let outputs: Int
        let repeats: Int

        enum CodingKeys: String, CodingKey {
            case kernelSize = "kernel_size"
            case stride
            case expansion = "expand_ratio"
            case inputs = "input_channels"
            case outputs = "output_channels"
            case repeats = "num_repeats"
        }
    }

    let imageSize: Int
    let stemChannels: Int
    let headChannels: Int
    let labelCount: Int
    let stages: [Stage]

    enum CodingKeys: String, CodingKey {
        case imageSize = "image_size"
        case stemChannels = "stem_channels"
        case headChannels = "head_channels"
        case labelCount = "num_labels"
        case stages
    }

    /// EfficientNet-Lite0, `efficientnet/lite/efficientnet_lite_builder.py` of tensorflow/tpu.
    package static let lite0 = EfficientNetConfiguration(
        imageSize: 224, stemChannels: 32, headChannels: 1280, labelCount: 1000,
        stages: [
            Stage(kernelSize: 3, stride: 1, expansion: 1, inputs: 32, outputs: 16, repeats: 1),
            Stage(kernelSize: 3, stride: 2, expansion: 6, inputs: 16, outputs: 24, repeats: 2),
            Stage(kernelSize: 5, stride: 2, expansion: 6, inputs: 24, outputs: 40, repeats: 2),
            Stage(kernelSize: 3, stride: 2, expansion: 6, inputs: 40, outputs: 80, repeats: 3),
            Stage(kernelSize: 5, stride: 1, expansion: 6, inputs: 80, outputs: 112, repeats: 3),
            Stage(kernelSize: 5, stride: 2, expansion: 6, inputs: 112, outputs: 192, repeats: 4),
            Stage(kernelSize: 3, stride: 1, expansion: 6, inputs: 192, outputs: 320, repeats: 1),
        ])

    /// The stages written out block by block.
    var blocks: [Stage] {
        stages.flatMap { stage in
            (0..<stage.repeats).map { index in
                Stage(
                    kernelSize: stage.kernelSize, stride: index == 0 ? stage.stride : 1, expansion: stage.expansion,
                    inputs: index == 0 ? stage.inputs : stage.outputs, outputs: stage.outputs, repeats: 1)
            }
        }
    }

    /// The configuration itself, once its numbers are known to make a model.
    func validated(at location: String) throws -> EfficientNetConfiguration {
        func demand(_ holds: Bool, _ message: String) throws {
            if !holds { throw ModelError(.invalidConfiguration, "vision_config: " + message, at: location) }
        }
        let sizes = [imageSize, stemChannels, headChannels, labelCount]
        try demand(sizes.allSatisfy { (1...100_000).contains($0) }, "a size is not between 1 and 100,000: \(sizes)")
        try demand(!stages.isEmpty && stages.count <= 1000, "\(stages.count) stages, expected 1 to 1,000")
        var channels = stemChannels
        for (index, stage) in stages.enumerated() {
            let numbers = [stage.kernelSize, stage.stride, stage.expansion, stage.inputs, stage.outputs, stage.repeats]
            try demand(
                numbers.allSatisfy { (1...10_000).contains($0) }, "stage \(index) has a size out of range: \(numbers)")
            try demand(
                stage.inputs == channels,
                "stage \(index) takes \(stage.inputs) channels, the one before gives \(channels)")
            channels = stage.outputs
        }
        let blockCount = stages.reduce(0) { $0 + $1.repeats }
        try demand(blockCount <= 1000, "\(blockCount) blocks, at most 1,000 make sense")
        return self
    }
}
