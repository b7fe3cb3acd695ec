/// The sizes of a BERT encoder, under the names of Hugging Face's `config.json`.
package struct BertConfiguration: Codable, Hashable, Sendable {
    let vocabularySize: Int
    let width: Int
    let layerCount: Int
    let headCount: Int
    let intermediateWidth: Int
    let positionCount: Int
    let typeCount: Int
    let layerNormEpsilon: Float
    let hiddenActivation: String
    /// Where a text's positions begin: 0, and 2 for RoBERTa, which counts from behind its padding token.
    var firstPosition: Int?

    enum CodingKeys: String, CodingKey {
        case vocabularySize = "vocab_size"
        case width = "hidden_size"
        case layerCount = "num_hidden_layers"
        case headCount = "num_attention_heads"
        case intermediateWidth = "intermediate_size"
        case positionCount = "max_position_embeddings"
        case typeCount = "type_vocab_size"
        case layerNormEpsilon = "layer_norm_eps"
        case hiddenActivation = "hidden_act"
    }

    /// What fills texts up: BERT's first token, and with RoBERTa the one that positions begin behind.
    var paddingID: Int32 { Int32(clamping: (firstPosition ?? 1) - 1) }

    /// The configuration itself, once its numbers are known to make a model.
    func validated(at location: String) throws -> BertConfiguration {
        func demand(_ holds: Bool, _ message: String) throws {
            if !holds { throw ModelError(.invalidConfiguration, message, at: location) }
        }
        let sizes = [vocabularySize, width, layerCount, headCount, intermediateWidth, positionCount, typeCount]
        try demand(sizes.allSatisfy { (1...10_000_000).contains($0) }, "text_config: a size is not positive: \(sizes)")
        try demand(layerCount <= 1000, "text_config: \(layerCount) layers, at most 1,000 make sense")
        try demand(width % headCount == 0, "text_config: width \(width) is not divisible by \(headCount) heads")
        try demand(hiddenActivation == "gelu", "text_config: hidden_act \"\(hiddenActivation)\", expected \"gelu\"")
        return self
    }
}
