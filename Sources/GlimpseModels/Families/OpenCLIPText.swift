internal import GlimpseTensor

/// The text tower of an open_clip model.
enum OpenCLIPText: Sendable {
    case own(OpenCLIPTextTransformer)
    case xlmRoberta(XLMRobertaKind, XLMRobertaTower.Head, XLMRobertaTower.Pooling, contextLength: Int, dimension: Int)

    var contextLength: Int {
        switch self {
        case .own(let transformer): transformer.configuration.contextLength
        case .xlmRoberta(_, _, _, let contextLength, _): contextLength
        }
    }

    var vocabularySize: Int {
        switch self {
        case .own(let transformer): transformer.configuration.vocabularySize
        case .xlmRoberta(let kind, _, _, _, _): kind.configuration.vocabularySize
        }
    }

    /// - Parameters:
    ///   - isSeparate: whether the tower's weights stand below "text." by the configuration; some files have them otherwise.
    ///   - encoders: text towers of transformers by their names.
    init(
        _ text: OpenCLIPConfiguration.Text, embeddingDimension: Int, activation: Activation, paddingID: Int32,
        isSeparate: Bool, encoders: XLMRobertaKinds, at location: String
    ) throws {
        guard let name = text.huggingFaceModelName else {
            self = .own(
                try OpenCLIPTextTransformer(
                    text, embeddingDimension: embeddingDimension, activation: activation, paddingID: paddingID,
                    isSeparate: isSeparate, at: location))
            return
        }
        func refuse(_ message: String) -> ModelError {
            ModelError(.invalidConfiguration, "text_cfg: \(message)", at: location)
        }
        guard let kind = encoders.kind(named: name) else { throw refuse("the text tower \(name) is not known") }
        let head: XLMRobertaTower.Head
        switch text.huggingFaceProjectionType ?? "mlp" {
        case "mlp": head = .perceptron
        case "linear": head = .linear
        case let type: throw refuse("hf_proj_type \"\(type)\"")
        }
        let pooling: XLMRobertaTower.Pooling
        switch text.poolerType ?? "mean_pooler" {
        case "mean_pooler": pooling = .mean
        case "cls_pooler", "cls_last_hidden_state_pooler": pooling = .firstToken
        case let type: throw refuse("hf_pooler_type \"\(type)\"")
        }
        let contextLength = text.contextLength ?? 77
        guard (1...(kind.configuration.positionCount - 2)).contains(contextLength) else {
            throw refuse("a context of \(contextLength) tokens")
        }
        self = .xlmRoberta(kind, head, pooling, contextLength: contextLength, dimension: embeddingDimension)
    }

    func tower(_ weights: WeightReader, on compute: Compute) throws -> any TextTower {
        switch self {
        case .own(let transformer):
            try transformer.tower(weights, on: compute)
        case .xlmRoberta(let kind, let head, let pooling, _, let dimension):
            try XLMRobertaTower(
                kind.configuration, weights.root.scope("text"), head: head, pooling: pooling,
                embeddingDimension: dimension, on: compute)
        }
    }
}

/// A text tower of open_clip's own.
struct OpenCLIPTextTransformer: Sendable {
    let configuration: TextTransformerConfiguration
    private let hasClassToken: Bool
    private let isSeparate: Bool
    private let projection: Projection

    private enum Projection: Sendable {
        case parameter, linearWithBias, none
    }

    /// - Parameter isSeparate: whether the tower's weights stand below "text." by the configuration; some files have them otherwise.
    init(
        _ text: OpenCLIPConfiguration.Text, embeddingDimension: Int, activation: Activation, paddingID: Int32,
        isSeparate: Bool, at location: String
    ) throws {
        func refuse(_ message: String) -> ModelError {
            ModelError(.invalidConfiguration, "text_cfg: \(message)", at: location)
        }
        switch (text.projectionType ?? "linear", text.hasProjectionBias ?? false) {
        case ("none", _): projection = .none
        case ("linear", true): projection = .linearWithBias
        case ("linear", false): projection = .parameter
        case (let type, _): throw refuse("proj_type \"\(type)\"")
        }
        let pooling: TextTransformerConfiguration.Pooling
        switch text.poolType ?? "argmax" {
        case "argmax": pooling = .largestID
        case "eos": pooling = .firstOf(text.endTokenID ?? 2)
        case "first": pooling = .first
        case "last": pooling = .last
        case let type: throw refuse("pool_type \"\(type)\"")
        }
        hasClassToken = text.hasClassToken == true
        self.isSeparate = isSeparate
        let width = text.width ?? 512
        configuration = TextTransformerConfiguration(
            vocabularySize: text.vocabularySize ?? 49408, contextLength: text.contextLength ?? 77,
            transformer: TransformerConfiguration(
                width: width, layerCount: text.layers ?? 12, headCount: text.heads ?? 8,
                hiddenWidth: TransformerConfiguration.hiddenWidth(width, ratio: text.perceptronRatio ?? 4),
                activation: text.activationArguments?.approximate == "tanh" ? .geluTanh : activation,
                epsilon: text.normArguments?.eps ?? 1e-5),
            isCausal: text.isBidirectional != true, pooling: pooling, paddingID: paddingID,
            embeddingDimension: embeddingDimension)
        try configuration.validate("text_cfg", at: location)
    }

    func tower(_ weights: WeightReader, on compute: Compute) throws -> any TextTower {
        let tokens = "token_embedding.weight"
        let isBelow = weights.contains("text." + tokens) || (isSeparate && !weights.contains(tokens))
        let keys = TextTransformerKeys.openCLIP(prefix: isBelow ? "text." : "") { name in
            switch projection {
            case .parameter: .parameter(name)
            case .linearWithBias: .linearWithBias(name)
            case .none: .none
            }
        }
        guard hasClassToken else {
            return try TextTransformer(configuration, weights.root, keys: keys, on: compute)
        }
        return try CoCaTextTransformer(
            configuration, weights.root, keys: keys, classToken: isBelow ? "text.cls_emb" : "cls_emb", on: compute)
    }
}
