/// What distinguishes one text transformer from another.
struct TextTransformerConfiguration: Hashable, Sendable {
    /// Which token's vector stands for the text.
    enum Pooling: Hashable, Sendable {
        /// The one with the largest id, the first of equals: CLIP's end token.
        case largestID
        /// The first one with this id; the first token where there is none.
        case firstOf(Int32)
        /// The first one.
        case first
        /// The last one of the context.
        case last
    }

    let vocabularySize: Int
    /// The most tokens of a text.
    let contextLength: Int
    let transformer: TransformerConfiguration
    /// Whether a token sees only those before it and itself.
    let isCausal: Bool
    let pooling: Pooling
    /// What fills a text up to the context.
    let paddingID: Int32
    /// E, the length of an embedding.
    let embeddingDimension: Int

    /// Whether what stands behind the pooled token can change its vector, so that the whole context has to be run.
    private var seesPadding: Bool { !isCausal || pooling == .last }

    /// The ids to run: without what cannot be seen, or with the padding that is.
    func prepared(_ ids: [Int32]) -> [Int32] {
        // An empty text of a tokenizer without start and end tokens is one token of padding.
        let ids = ids.isEmpty ? [paddingID] : Array(ids.prefix(contextLength))
        guard seesPadding else { return Array(ids[...pooledPosition(in: ids)]) }
        return ids + Array(repeating: paddingID, count: contextLength - ids.count)
    }

    /// Where in a text the pooled token is.
    ///
    /// - Parameter ids: at least one.
    func pooledPosition(in ids: [Int32]) -> Int {
        switch pooling {
        case .largestID: ids.indices.reduce(0) { ids[$1] > ids[$0] ? $1 : $0 }
        case .firstOf(let id): ids.firstIndex(of: id) ?? 0
        case .first: 0
        case .last: ids.count - 1
        }
    }

    /// Makes sure that the sizes make a model.
    func validate(_ part: String, at location: String) throws {
        func demand(_ holds: Bool, _ message: String) throws {
            if !holds { throw ModelError(.invalidConfiguration, "\(part): \(message)", at: location) }
        }
        try transformer.validate(part, at: location)
        try demand((1...10_000_000).contains(vocabularySize), "a vocabulary of \(vocabularySize) tokens")
        try demand((1...100_000).contains(contextLength), "a context of \(contextLength) tokens")
        try demand((1...1_000_000).contains(embeddingDimension), "embeddings of \(embeddingDimension) numbers")
        try demand(
            (0..<vocabularySize).contains(Int(paddingID)), "padding \(paddingID) is not in the vocabulary")
    }
}

/// What a library calls the weights of a text transformer.
struct TextTransformerKeys: Hashable, Sendable {
    let tokens: String
    let positions: String
    /// What holds the blocks by their numbers.
    let blocks: String
    let block: TransformerKeys
    let finalNorm: String
    let projection: ProjectionKeys

    /// transformers' CLIP.
    static let huggingFaceCLIP = huggingFace(projection: .linear("text_projection"))
    /// transformers' SigLIP.
    static let huggingFaceSigLIP = huggingFace(projection: .linearWithBias("text_model.head"))

    private static func huggingFace(projection: ProjectionKeys) -> TextTransformerKeys {
        TextTransformerKeys(
            tokens: "text_model.embeddings.token_embedding.weight",
            positions: "text_model.embeddings.position_embedding.weight", blocks: "text_model.encoder.layers",
            block: .huggingFace, finalNorm: "text_model.final_layer_norm", projection: projection)
    }

    /// OpenAI's CLIP and open_clip.
    ///
    /// - Parameters:
    ///   - prefix: "" where the text tower is part of the model, "text." where it is a tower of its own.
    ///   - projection: below the prefix.
    static func openCLIP(prefix: String, projection: (String) -> ProjectionKeys) -> TextTransformerKeys {
        TextTransformerKeys(
            tokens: prefix + "token_embedding.weight", positions: prefix + "positional_embedding",
            blocks: prefix + "transformer.resblocks", block: .openCLIP, finalNorm: prefix + "ln_final",
            projection: projection(prefix + "text_projection"))
    }
}
