/// What distinguishes one vision transformer from another.
struct VisionTransformerConfiguration: Hashable, Sendable {
    /// How the tokens of a picture become one vector.
    enum Pooling: Hashable, Sendable {
        /// The class token.
        case classToken
        /// The mean of all tokens but the class token.
        case mean
        /// SigLIP's head: attention of one learned query, then a perceptron (Lee et al., "Set Transformer", 2019).
        case attentionHead
        /// CoCa's: attention of learned queries, of which the first is taken (Yu et al., "CoCa", 2022).
        case queries(count: Int, headCount: Int)
    }

    /// Where the last layer normalisation stands.
    enum FinalNorm: Hashable, Sendable {
        case beforePooling
        case afterPooling
    }

    /// How pictures become tokens.
    enum Patches: Hashable, Sendable {
        /// A linear map of each square.
        case squares(hasBias: Bool)
        /// MobileCLIP's three convolutions, by 4, 2 and 2 pixels: squares of 16.
        case convolutionalStem
    }

    /// The side of the pictures in pixels.
    let imageSide: Int
    /// The side of a square in pixels.
    let patchSize: Int
    let transformer: TransformerConfiguration
    let hasClassToken: Bool
    /// Whether the class token has a position as the other tokens have.
    var hasClassPosition = true
    let patches: Patches
    /// Whether there is a layer normalisation before the first block.
    let hasInputNorm: Bool
    let pooling: Pooling
    let finalNorm: FinalNorm
    /// E, the length of an embedding.
    let embeddingDimension: Int

    /// How many squares a picture has.
    var patchCount: Int { (imageSide / patchSize) * (imageSide / patchSize) }

    /// The length of the vector that is projected.
    var pooledWidth: Int {
        if case .queries = pooling { embeddingDimension } else { transformer.width }
    }

    /// Makes sure that the sizes make a model.
    func validate(_ part: String, at location: String) throws {
        func demand(_ holds: Bool, _ message: String) throws {
            if !holds { throw ModelError(.invalidConfiguration, "\(part): \(message)", at: location) }
        }
        try transformer.validate(part, at: location)
        try demand((1...8192).contains(imageSide), "an image size of \(imageSide) pixels")
        try demand((1...imageSide).contains(patchSize), "patches of \(patchSize) pixels in pictures of \(imageSide)")
        try demand((1...1_000_000).contains(embeddingDimension), "embeddings of \(embeddingDimension) numbers")
        if patches == .convolutionalStem {
            try demand(patchSize == PatchEmbedding.stemStride, "a stem that makes squares of \(patchSize) pixels")
            try demand(
                transformer.width % PatchEmbedding.stemReduction == 0,
                "a stem of \(transformer.width) channels, expected a multiple of \(PatchEmbedding.stemReduction)")
        }
        if case .queries(let count, let headCount) = pooling {
            try demand((1...1_000_000).contains(count), "\(count) queries pool the tokens")
            try demand(
                headCount > 0 && embeddingDimension % headCount == 0,
                "embeddings of \(embeddingDimension) numbers are not divisible by \(headCount) heads")
        }
    }
}

/// What a library calls the weights of a vision transformer.
struct VisionTransformerKeys: Hashable, Sendable {
    /// The convolution that makes tokens of squares, or what holds the convolutions of a stem by their numbers.
    let patches: String
    let classToken: String
    let positions: String
    let inputNorm: String
    /// What holds the blocks by their numbers.
    let blocks: String
    let block: TransformerKeys
    let finalNorm: String
    /// What holds the weights of attention pooling.
    let pooling: String
    let projection: ProjectionKeys

    /// transformers' CLIP; the misspelling is theirs.
    static let huggingFaceCLIP = VisionTransformerKeys(
        patches: "vision_model.embeddings.patch_embedding", classToken: "vision_model.embeddings.class_embedding",
        positions: "vision_model.embeddings.position_embedding.weight", inputNorm: "vision_model.pre_layrnorm",
        blocks: "vision_model.encoder.layers", block: .huggingFace, finalNorm: "vision_model.post_layernorm",
        pooling: "vision_model.head", projection: .linear("visual_projection"))

    /// transformers' SigLIP.
    static let huggingFaceSigLIP = VisionTransformerKeys(
        patches: "vision_model.embeddings.patch_embedding", classToken: "vision_model.embeddings.class_embedding",
        positions: "vision_model.embeddings.position_embedding.weight", inputNorm: "vision_model.pre_layrnorm",
        blocks: "vision_model.encoder.layers", block: .huggingFace, finalNorm: "vision_model.post_layernorm",
        pooling: "vision_model.head", projection: .none)

    /// OpenAI's CLIP and open_clip.
    static let openCLIP = VisionTransformerKeys(
        patches: "visual.conv1", classToken: "visual.class_embedding", positions: "visual.positional_embedding",
        inputNorm: "visual.ln_pre", blocks: "visual.transformer.resblocks", block: .openCLIP,
        finalNorm: "visual.ln_post", pooling: "visual.attn_pool", projection: .parameter("visual.proj"))

    /// timm's vision transformers, as open_clip wraps them; a trunk's classifier is the projection.
    static func timm(
        _ patches: VisionTransformerConfiguration.Patches, projection: ProjectionKeys
    ) -> VisionTransformerKeys {
        VisionTransformerKeys(
            patches: "visual.trunk.patch_embed." + (patches == .convolutionalStem ? "backbone" : "proj"),
            classToken: "visual.trunk.cls_token", positions: "visual.trunk.pos_embed",
            inputNorm: "visual.trunk.norm_pre", blocks: "visual.trunk.blocks", block: .timm,
            finalNorm: "visual.trunk.norm", pooling: "visual.trunk.attn_pool", projection: projection)
    }
}
