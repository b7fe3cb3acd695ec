/// `config.json` of the `lite` model: a dual encoder that names both towers.
struct LiteConfiguration: Codable, Hashable, Sendable {
    /// How a picture's classes and looks become a vector.
    struct Concepts: Codable, Hashable, Sendable {
        /// How many of the most probable classes speak for a picture.
        let topClasses: Int
        /// How many numbers describe what a picture looks like.
        let appearanceDimension: Int
        /// The length of the appearance part where the words part has length 1.
        let appearanceScale: Float

        enum CodingKeys: String, CodingKey {
            case topClasses = "top_classes"
            case appearanceDimension = "appearance_dimension"
            case appearanceScale = "appearance_scale"
        }
    }

    let modelType: String
    let vision: EfficientNetConfiguration
    let text: BertConfiguration
    let concepts: Concepts
    let contextLength: Int
    let logitScale: Float

    enum CodingKeys: String, CodingKey {
        case modelType = "model_type"
        case vision = "vision_config"
        case text = "text_config"
        case concepts
        case contextLength = "context_length"
        case logitScale = "logit_scale"
    }

    /// The value of `model_type`.
    static let modelType = "glimpse-lite"

    /// The length of the model's vectors: words, then appearance.
    var dimension: Int { text.width + concepts.appearanceDimension }

    /// The configuration itself, once its numbers are known to make a model.
    func validated(at location: String) throws -> LiteConfiguration {
        func demand(_ holds: Bool, _ message: String) throws {
            if !holds { throw ModelError(.invalidConfiguration, message, at: location) }
        }
        try demand(modelType == Self.modelType, "model_type \"\(modelType)\", expected \"\(Self.modelType)\"")
        _ = try vision.validated(at: location)
        _ = try text.validated(at: location)
        try demand(
            (1...vision.labelCount).contains(concepts.topClasses),
            "concepts: \(concepts.topClasses) top classes of \(vision.labelCount)")
        try demand(
            (1...vision.headChannels).contains(concepts.appearanceDimension),
            "concepts: an appearance of \(concepts.appearanceDimension) of \(vision.headChannels) numbers")
        // No range: of an encoder with a single position it would end before it begins.
        try demand(
            contextLength >= 2 && contextLength <= text.positionCount,
            "context_length \(contextLength), expected 2 to \(text.positionCount)")
        try demand(logitScale > 0 && logitScale.isFinite, "logit_scale \(logitScale), expected a positive number")
        return self
    }
}
