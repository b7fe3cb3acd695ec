internal import GlimpseTensor

/// SigLIP, and SigLIP 2 of fixed resolution, as transformers stores them.
///
/// Zhai et al., "Sigmoid Loss for Language Image Pre-Training", 2023; Tschannen et al., "SigLIP 2", 2025.
struct HuggingFaceSigLIP: Architecture {
    /// The value of `model_type`.
    static let modelType = "siglip"

    let vision: VisionTransformerConfiguration
    let text: TextTransformerConfiguration

    var dimension: Int { vision.embeddingDimension }
    var imageSide: Int { vision.imageSide }
    var contextLength: Int { text.contextLength }
    var vocabularySize: Int { text.vocabularySize }

    /// - Parameter paddingID: what fills texts up to the context: the tokenizer's `pad_token`.
    /// - Throws: `ModelError` when the configuration's numbers make no model.
    init(_ file: File, paddingID: Int32, at location: String) throws {
        let textSection = (file.text ?? HuggingFaceSection()).over(.siglipText)
        let visionSection = (file.vision ?? HuggingFaceSection()).over(.siglipVision)
        guard visionSection.channelCount == 3 else {
            throw ModelError(.invalidConfiguration, "vision_config: num_channels is not 3", at: location)
        }
        let visionTransformer = try visionSection.transformer("vision_config", at: location)
        let textTransformer = try textSection.transformer("text_config", at: location)
        let dimension = textSection.projectionSize ?? textTransformer.width
        guard dimension == visionTransformer.width else {
            throw ModelError(
                .invalidConfiguration,
                "pictures become \(visionTransformer.width) numbers, texts \(dimension)", at: location)
        }
        vision = VisionTransformerConfiguration(
            imageSide: visionSection.imageSize ?? 0, patchSize: visionSection.patchSize ?? 0,
            transformer: visionTransformer, hasClassToken: false, patches: .squares(hasBias: true), hasInputNorm: false,
            pooling: .attentionHead, finalNorm: .beforePooling, embeddingDimension: dimension)
        text = TextTransformerConfiguration(
            vocabularySize: textSection.vocabularySize ?? 0, contextLength: textSection.positionCount ?? 0,
            transformer: textTransformer, isCausal: false, pooling: .last, paddingID: paddingID,
            embeddingDimension: dimension)
        try vision.validate("vision_config", at: location)
        try text.validate("text_config", at: location)
    }

    func tower(ofTensor name: String) -> Model.Towers? {
        if name.hasSuffix(".position_ids") { return nil }
        if name.hasPrefix("vision_model.") { return .image }
        return name == "logit_scale" || name == "logit_bias" ? .both : .text
    }

    func imageTower(_ weights: WeightReader, on compute: Compute) throws -> any ImageTower {
        try VisionTransformer(vision, weights.root, keys: .huggingFaceSigLIP, on: compute)
    }

    func textTower(_ weights: WeightReader, on compute: Compute) throws -> any TextTower {
        try TextTransformer(text, weights.root, keys: .huggingFaceSigLIP, on: compute)
    }

    func calibration(_ weights: WeightReader) throws -> Calibration { try Calibration(weights, hasBias: true) }

    /// The parts of `config.json` that say what is computed.
    struct File: Decodable, Hashable, Sendable {
        let text: HuggingFaceSection?
        let vision: HuggingFaceSection?

        enum CodingKeys: String, CodingKey {
            case text = "text_config"
            case vision = "vision_config"
        }
    }
}

extension HuggingFaceSection {
    /// The defaults of transformers' `SiglipTextConfig`.
    fileprivate static let siglipText = HuggingFaceSection(
        hiddenSize: 768, intermediateSize: 3072, layerCount: 12, headCount: 12, activation: "gelu_pytorch_tanh",
        layerNormEpsilon: 1e-6, vocabularySize: 32000, positionCount: 64)

    /// The defaults of transformers' `SiglipVisionConfig`.
    fileprivate static let siglipVision = HuggingFaceSection(
        hiddenSize: 768, intermediateSize: 3072, layerCount: 12, headCount: 12, activation: "gelu_pytorch_tanh",
        layerNormEpsilon: 1e-6, imageSize: 224, patchSize: 16, channelCount: 3)
}
