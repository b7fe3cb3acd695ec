internal import GlimpseFormats

/// The configuration of one of OpenAI's original checkpoints, which come without any: it follows from the shapes of the weights.
///
/// Source: https://github.com/openai/CLIP, `clip/model.py`, `build_model`.
enum OpenAIArchive {
    /// What marks a file of OpenAI's layout.
    private static let patches = "visual.conv1.weight"
    private static let textBlocks = "transformer.resblocks"
    private static let visionBlocks = "visual.transformer.resblocks"
    /// The width of an attention head in all of OpenAI's models.
    private static let headWidth = 64

    /// Whether a file of weights is laid out as OpenAI's.
    static func matches(_ file: any TensorFile) -> Bool {
        let names = Set(file.names)
        // open_clip's files have the same names, but for this one: they do not tell which GELU they were trained with.
        return names.contains("input_resolution") && names.contains(patches)
    }

    /// Reads the sizes off the weights.
    ///
    /// - Throws: `ModelError` when they contradict each other, `FormatError` when a tensor is missing.
    static func configuration(of file: any TensorFile) throws -> OpenCLIPConfiguration.Model {
        func shape(_ name: String, rank: Int) throws -> [Int] {
            let shape = try file.tensor(name).shape
            guard shape.count == rank, shape.allSatisfy({ (1...1_000_000).contains($0) }) else {
                throw ModelError(
                    .weightMismatch, "\(name) is \(shape), expected \(rank) extents of 1 to 1,000,000", at: file.path)
            }
            return shape
        }
        func perceptronRatio(_ blocks: String) throws -> Double {
            let weights = try shape("\(blocks).0.mlp.c_fc.weight", rank: 2)
            return Double(weights[0]) / Double(weights[1])
        }
        let textWidth = try shape("ln_final.weight", rank: 1)[0]
        let text = OpenCLIPConfiguration.Text(
            contextLength: try shape("positional_embedding", rank: 2)[0],
            vocabularySize: try shape("token_embedding.weight", rank: 2)[0], width: textWidth,
            heads: textWidth / headWidth, layers: try count(of: textBlocks, in: file),
            perceptronRatio: try perceptronRatio(textBlocks))
        let convolution = try shape(patches, rank: 4)
        let vision: OpenCLIPConfiguration.Vision
        if file.names.contains("visual.proj") {
            let positions = try shape("visual.positional_embedding", rank: 2)[0]
            vision = OpenCLIPConfiguration.Vision(
                imageSize: .init(convolution[3] * side(of: positions - 1)), patchSize: .init(convolution[3]),
                layers: .transformer(try count(of: visionBlocks, in: file)), width: convolution[0],
                perceptronRatio: try perceptronRatio(visionBlocks))
        } else {
            let positions = try shape("visual.attnpool.positional_embedding", rank: 2)[0]
            vision = OpenCLIPConfiguration.Vision(
                imageSize: .init(32 * side(of: positions - 1)),
                layers: .residual(try (1...4).map { try count(of: "visual.layer\($0)", in: file) }),
                width: try shape("visual.layer1.0.conv1.weight", rank: 4)[0])
        }
        return OpenCLIPConfiguration.Model(
            embeddingDimension: try shape("text_projection", rank: 2)[1], usesQuickGELU: true, vision: vision,
            text: text)
    }

    /// How many numbered parts there are below `prefix`.
    ///
    /// - Throws: `ModelError` when they are not numbered from 0 on: one number alone must not stand for many parts.
    private static func count(of prefix: String, in file: any TensorFile) throws -> Int {
        let numbers = Set(
            file.names.compactMap { name -> Int? in
                guard name.hasPrefix(prefix + ".") else { return nil }
                return Int(name.dropFirst(prefix.count + 1).prefix { $0 != "." })
            })
        if let stray = numbers.filter({ !(0..<numbers.count).contains($0) }).min() {
            throw ModelError(
                .weightMismatch,
                "\(prefix).\(stray) is one of \(numbers.count) parts, expected 0 to \(numbers.count - 1)",
                at: file.path)
        }
        return numbers.count
    }

    /// The side of a square of so many squares.
    private static func side(of count: Int) -> Int { Int(Double(max(0, count)).squareRoot().rounded()) }
}
