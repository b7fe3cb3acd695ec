internal import GlimpseTensor

/// A model of open_clip, or one of OpenAI's in its original layout, which open_clip took over.
///
/// Cherti et al., "Reproducible Scaling Laws for Contrastive Language-Image Learning", 2022; https://github.com/mlfoundations/open_clip.
struct OpenCLIP: Architecture {
    private let vision: OpenCLIPVision
    private let text: OpenCLIPText
    private let hasBias: Bool
    let dimension: Int

    var imageSide: Int { vision.imageSide }
    var contextLength: Int { text.contextLength }
    var vocabularySize: Int { text.vocabularySize }

    /// - Parameters:
    ///   - paddingID: what the tokenizer fills texts up with.
    ///   - trunks: picture towers of timm by their names.
    ///   - encoders: text towers of transformers by their names.
    /// - Throws: `ModelError` when the configuration's numbers make no model, or it names parts that Glimpse does not know.
    init(
        _ configuration: OpenCLIPConfiguration.Model, paddingID: Int32, trunks: TimmTrunks = .known,
        encoders: XLMRobertaKinds = .known, at location: String
    ) throws {
        dimension = configuration.embeddingDimension
        hasBias = configuration.initialLogitBias != nil
        let activation: Activation = configuration.usesQuickGELU == true ? .quickGELU : .gelu
        vision = try OpenCLIPVision(
            configuration.vision, embeddingDimension: dimension, activation: activation, trunks: trunks, at: location)
        text = try OpenCLIPText(
            configuration.text, embeddingDimension: dimension, activation: activation, paddingID: paddingID,
            isSeparate: configuration.hasCustomText == true || configuration.text.huggingFaceModelName != nil,
            encoders: encoders, at: location)
    }

    func tower(ofTensor name: String) -> Model.Towers? {
        switch name {
        case "logit_scale", "logit_bias": .both
        // Kept by OpenAI's archives; and masks, positions and decoders that embeddings do not need.
        case "input_resolution", "context_length", "vocab_size", "attn_mask", "text.attn_mask": nil
        // A head that transformers adds to its encoders and open_clip leaves alone.
        case _ where name.hasPrefix("text.transformer.pooler."): nil
        case _ where name.hasPrefix("text_decoder.") || name.hasSuffix(".position_ids"): nil
        case _ where name.hasSuffix(".num_batches_tracked"): nil
        default: name.hasPrefix("visual.") ? .image : .text
        }
    }

    func imageTower(_ weights: WeightReader, on compute: Compute) throws -> any ImageTower {
        try vision.tower(weights.root, on: compute)
    }

    func textTower(_ weights: WeightReader, on compute: Compute) throws -> any TextTower {
        try text.tower(weights, on: compute)
    }

    func calibration(_ weights: WeightReader) throws -> Calibration { try Calibration(weights, hasBias: hasBias) }
}
