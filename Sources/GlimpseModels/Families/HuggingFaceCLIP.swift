internal import GlimpseTensor

/// CLIP as transformers stores it: OpenAI's models, LAION's, TinyCLIP.
struct HuggingFaceCLIP: Architecture {
    /// The value of `model_type`.
    static let modelType = "clip"

    let vision: VisionTransformerConfiguration
    let text: TextTransformerConfiguration

    var dimension: Int { vision.embeddingDimension }
    var imageSide: Int { vision.imageSide }
    var contextLength: Int { text.contextLength }
    var vocabularySize: Int { text.vocabularySize }

    /// - Throws: `ModelError` when the configuration's numbers make no model.
    init(_ file: File, at location: String) throws {
        let textSection = (file.textOverrides ?? HuggingFaceSection())
            .over(file.text ?? HuggingFaceSection()).over(.clipText)
        let visionSection = (file.visionOverrides ?? HuggingFaceSection())
            .over(file.vision ?? HuggingFaceSection()).over(.clipVision)
        let dimension = file.projectionDimension ?? 512
        let end = textSection.endTokenID ?? 2
        guard visionSection.channelCount == 3 else {
            throw ModelError(.invalidConfiguration, "vision_config: num_channels is not 3", at: location)
        }
        vision = VisionTransformerConfiguration(
            imageSide: visionSection.imageSize ?? 0, patchSize: visionSection.patchSize ?? 0,
            transformer: try visionSection.transformer("vision_config", at: location), hasClassToken: true,
            patches: .squares(hasBias: false), hasInputNorm: true, pooling: .classToken, finalNorm: .afterPooling,
            embeddingDimension: dimension)
        text = TextTransformerConfiguration(
            vocabularySize: textSection.vocabularySize ?? 0, contextLength: textSection.positionCount ?? 0,
            transformer: try textSection.transformer("text_config", at: location), isCausal: true,
            // Configurations written before the library knew the end token's id say 2; the largest id is meant.
            pooling: end == 2 ? .largestID : .firstOf(end), paddingID: 0, embeddingDimension: dimension)
        try vision.validate("vision_config", at: location)
        try text.validate("text_config", at: location)
    }

    func tower(ofTensor name: String) -> Model.Towers? {
        if name.hasSuffix(".position_ids") { return nil }
        if name.hasPrefix("vision_model.") || name.hasPrefix("visual_projection.") { return .image }
        return name == "logit_scale" ? .both : .text
    }

    func imageTower(_ weights: WeightReader, on compute: Compute) throws -> any ImageTower {
        try VisionTransformer(vision, weights.root, keys: .huggingFaceCLIP, on: compute)
    }

    func textTower(_ weights: WeightReader, on compute: Compute) throws -> any TextTower {
        try TextTransformer(text, weights.root, keys: .huggingFaceCLIP, on: compute)
    }

    func calibration(_ weights: WeightReader) throws -> Calibration { try Calibration(weights, hasBias: false) }

    /// The parts of `config.json` that say what is computed.
    struct File: Decodable, Hashable, Sendable {
        let projectionDimension: Int?
        let text: HuggingFaceSection?
        let vision: HuggingFaceSection?
        /// Very old files say the same twice, and this one counts.
        let textOverrides: HuggingFaceSection?
        let visionOverrides: HuggingFaceSection?

        enum CodingKeys: String, CodingKey {
            case projectionDimension = "projection_dim"
            case text = "text_config"
            case vision = "vision_config"
            case textOverrides = "text_config_dict"
            case visionOverrides = "vision_config_dict"
        }
    }
}

extension HuggingFaceSection {
    /// The defaults of transformers' `CLIPTextConfig`.
    fileprivate static let clipText = HuggingFaceSection(
        hiddenSize: 512, intermediateSize: 2048, layerCount: 12, headCount: 8, activation: "quick_gelu",
        layerNormEpsilon: 1e-5, vocabularySize: 49408, positionCount: 77, endTokenID: 49407)

    /// The defaults of transformers' `CLIPVisionConfig`.
    fileprivate static let clipVision = HuggingFaceSection(
        hiddenSize: 768, intermediateSize: 3072, layerCount: 12, headCount: 12, activation: "quick_gelu",
        layerNormEpsilon: 1e-5, imageSize: 224, patchSize: 32, channelCount: 3)
}
