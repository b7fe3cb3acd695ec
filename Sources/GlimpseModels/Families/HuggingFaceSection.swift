internal import GlimpseTensor

/// `text_config` or `vision_config` in a `config.json` of transformers; what is left out has the library's default.
struct HuggingFaceSection: Decodable, Hashable, Sendable {
    var hiddenSize: Int?
    var intermediateSize: Int?
    var layerCount: Int?
    var headCount: Int?
    var activation: String?
    var layerNormEpsilon: Float?
    var vocabularySize: Int?
    var positionCount: Int?
    var endTokenID: Int32?
    var projectionSize: Int?
    var imageSize: Int?
    var patchSize: Int?
    var channelCount: Int?

    enum CodingKeys: String, CodingKey {
        case hiddenSize = "hidden_size"
        case intermediateSize = "intermediate_size"
        case layerCount = "num_hidden_layers"
        case headCount = "num_attention_heads"
        case activation = "hidden_act"
        case layerNormEpsilon = "layer_norm_eps"
        case vocabularySize = "vocab_size"
        case positionCount = "max_position_embeddings"
        case endTokenID = "eos_token_id"
        case projectionSize = "projection_size"
        case imageSize = "image_size"
        case patchSize = "patch_size"
        case channelCount = "num_channels"
    }

    /// What this section says, and where it says nothing what `defaults` say.
    func over(_ defaults: HuggingFaceSection) -> HuggingFaceSection {
        HuggingFaceSection(
            hiddenSize: hiddenSize ?? defaults.hiddenSize,
            intermediateSize: intermediateSize ?? defaults.intermediateSize,
            layerCount: layerCount ?? defaults.layerCount, headCount: headCount ?? defaults.headCount,
            activation: activation ?? defaults.activation,
            layerNormEpsilon: layerNormEpsilon ?? defaults.layerNormEpsilon,
            vocabularySize: vocabularySize ?? defaults.vocabularySize,
            positionCount: positionCount ?? defaults.positionCount, endTokenID: endTokenID ?? defaults.endTokenID,
            projectionSize: projectionSize ?? defaults.projectionSize, imageSize: imageSize ?? defaults.imageSize,
            patchSize: patchSize ?? defaults.patchSize, channelCount: channelCount ?? defaults.channelCount)
    }

    /// The sizes of the section's transformer.
    func transformer(_ part: String, at location: String) throws -> TransformerConfiguration {
        func demand<Value>(_ value: Value?, _ key: CodingKeys) throws -> Value {
            guard let value else {
                throw ModelError(.invalidConfiguration, "\(part): \(key.rawValue) is missing", at: location)
            }
            return value
        }
        return TransformerConfiguration(
            width: try demand(hiddenSize, .hiddenSize), layerCount: try demand(layerCount, .layerCount),
            headCount: try demand(headCount, .headCount), hiddenWidth: try demand(intermediateSize, .intermediateSize),
            activation: try Activation(
                configurationName: try demand(activation, .activation), part, at: location),
            epsilon: try demand(layerNormEpsilon, .layerNormEpsilon))
    }
}
