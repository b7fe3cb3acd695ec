internal import GlimpseTensor

/// Picture towers of timm that open_clip's models are built on: open_clip names them, and their sizes are timm's.
package struct TimmTrunks: Sendable {
    private var trunks: [String: TimmTrunk]

    /// Trunks by their names.
    package init(_ trunks: [String: TimmTrunk]) { self.trunks = trunks }

    func trunk(named name: String) -> TimmTrunk? { trunks[name] }

    /// Those of the models that open_clip publishes.
    package static let known = TimmTrunks(sigLIP.merging(mobileCLIP) { trunk, _ in trunk })

    /// MobileCLIP's and MobileCLIP2's.
    private static let mobileCLIP: [String: TimmTrunk] = [
        "fastvit_mci0": .fastViT, "fastvit_mci1": .fastViT, "fastvit_mci2": .fastViT, "fastvit_mci3": .fastViT,
        "fastvit_mci4": .fastViT,
        "vit_base_mci_224": .hybrid(width: 768, layerCount: 12, headCount: 12, hiddenWidth: 3072),
        "vit_large_patch14_clip_224": .clip(
            patchSize: 14, width: 1024, layerCount: 24, headCount: 16, hiddenWidth: 4096),
    ]

    /// SigLIP's and SigLIP 2's, by size, patch and resolution.
    private static let sigLIP: [String: TimmTrunk] = {
        var trunks: [String: TimmTrunk] = [:]
        func add(
            _ size: String, _ width: Int, _ layerCount: Int, _ headCount: Int, _ hiddenWidth: Int,
            _ kinds: [(patch: Int, side: Int)]
        ) {
            for (patch, side) in kinds {
                let name = "vit_\(size)_patch\(patch)_siglip_\(side)"
                trunks[name] = .sigLIP(
                    patchSize: patch, width: width, layerCount: layerCount, headCount: headCount,
                    hiddenWidth: hiddenWidth, approximatesGELU: withTanh.contains(name))
            }
        }
        add("base", 768, 12, 12, 3072, [(32, 256), (16, 224), (16, 256), (16, 384), (16, 512)])
        add("large", 1024, 24, 16, 4096, [(16, 256), (16, 384), (16, 512)])
        add("so400m", 1152, 27, 16, 4304, [(14, 224), (14, 378), (14, 384), (16, 256), (16, 384), (16, 512)])
        add("giantopt", 1536, 40, 16, 6144, [(16, 256), (16, 384)])
        return trunks
    }()

    /// All were trained with the tanh approximation of GELU; timm has it in these only, and its numbers are the ones to match.
    private static let withTanh: Set<String> = [
        "vit_base_patch32_siglip_256", "vit_large_patch16_siglip_512", "vit_so400m_patch16_siglip_256",
        "vit_so400m_patch16_siglip_384", "vit_so400m_patch16_siglip_512", "vit_giantopt_patch16_siglip_256",
        "vit_giantopt_patch16_siglip_384",
    ]
}

/// What a picture tower of timm is, as far as its weights do not tell.
package struct TimmTrunk: Sendable {
    private enum Kind: Sendable {
        case sigLIP(patchSize: Int, TransformerConfiguration)
        case clip(patchSize: Int, TransformerConfiguration)
        case hybrid(TransformerConfiguration)
        case fastViT
    }

    private let kind: Kind

    /// A vision transformer with SigLIP's attention head.
    package static func sigLIP(
        patchSize: Int, width: Int, layerCount: Int, headCount: Int, hiddenWidth: Int, approximatesGELU: Bool
    ) -> TimmTrunk {
        TimmTrunk(
            kind: .sigLIP(
                patchSize: patchSize,
                TransformerConfiguration(
                    width: width, layerCount: layerCount, headCount: headCount, hiddenWidth: hiddenWidth,
                    activation: approximatesGELU ? .geluTanh : .gelu, epsilon: 1e-6)))
    }

    /// A vision transformer as CLIP's, with a classifier.
    package static func clip(
        patchSize: Int, width: Int, layerCount: Int, headCount: Int, hiddenWidth: Int
    ) -> TimmTrunk {
        TimmTrunk(
            kind: .clip(
                patchSize: patchSize,
                TransformerConfiguration(
                    width: width, layerCount: layerCount, headCount: headCount, hiddenWidth: hiddenWidth,
                    activation: .gelu, epsilon: 1e-5)))
    }

    /// MobileCLIP-B's: convolutions make the tokens of a vision transformer whose class token has no position.
    package static func hybrid(width: Int, layerCount: Int, headCount: Int, hiddenWidth: Int) -> TimmTrunk {
        TimmTrunk(
            kind: .hybrid(
                TransformerConfiguration(
                    width: width, layerCount: layerCount, headCount: headCount, hiddenWidth: hiddenWidth,
                    activation: .gelu, epsilon: 1e-6)))
    }

    /// FastViT, all of whose sizes follow from its weights.
    package static let fastViT = TimmTrunk(kind: .fastViT)

    /// The tower of this trunk in an open_clip model.
    ///
    /// - Throws: `ModelError` when the configuration asks for another pooling or projection than the trunk's own.
    func vision(
        _ configuration: OpenCLIPConfiguration.Vision, imageSide: Int, _ embeddingDimension: Int, at location: String
    ) throws -> OpenCLIPVision {
        func demand(_ holds: Bool, _ message: String) throws {
            if !holds { throw ModelError(.invalidConfiguration, "vision_cfg: \(message)", at: location) }
        }
        /// The trunk's classifier is the projection where open_clip adds none of its own.
        func demandClassifier(pooling: String) throws {
            try demand(
                configuration.timmPool == pooling && ["", nil].contains(configuration.timmProjection),
                "this trunk is known with timm_pool \"\(pooling)\" and no timm_proj")
        }
        func transformer(
            patchSize: Int, _ transformer: TransformerConfiguration, patches: VisionTransformerConfiguration.Patches,
            pooling: VisionTransformerConfiguration.Pooling, hasInputNorm: Bool, hasClassPosition: Bool,
            projection: ProjectionKeys
        ) throws -> OpenCLIPVision {
            let vision = VisionTransformerConfiguration(
                imageSide: imageSide, patchSize: patchSize, transformer: transformer,
                hasClassToken: pooling == .classToken, hasClassPosition: hasClassPosition, patches: patches,
                hasInputNorm: hasInputNorm, pooling: pooling, finalNorm: .beforePooling,
                embeddingDimension: embeddingDimension)
            try vision.validate("vision_cfg", at: location)
            return .transformer(vision, .timm(patches, projection: projection))
        }
        switch kind {
        case .sigLIP(let patchSize, let sizes):
            try demand(
                configuration.timmPool == "map" && configuration.timmProjection ?? "none" == "none"
                    && sizes.width == embeddingDimension,
                "this trunk is known with timm_pool \"map\", no projection and \(sizes.width) numbers")
            return try transformer(
                patchSize: patchSize, sizes, patches: .squares(hasBias: true), pooling: .attentionHead,
                hasInputNorm: false, hasClassPosition: false, projection: .none)
        case .clip(let patchSize, let sizes):
            try demandClassifier(pooling: "token")
            return try transformer(
                patchSize: patchSize, sizes, patches: .squares(hasBias: false), pooling: .classToken,
                hasInputNorm: true, hasClassPosition: true, projection: .linearWithBias("visual.trunk.head"))
        case .hybrid(let sizes):
            try demandClassifier(pooling: "token")
            return try transformer(
                patchSize: PatchEmbedding.stemStride, sizes, patches: .convolutionalStem, pooling: .classToken,
                hasInputNorm: false, hasClassPosition: false, projection: .linearWithBias("visual.trunk.head"))
        case .fastViT:
            try demandClassifier(pooling: "avg")
            try demand((1...8192).contains(imageSide), "an image size of \(imageSide) pixels")
            try demand(
                (1...1_000_000).contains(embeddingDimension), "embeddings of \(embeddingDimension) numbers")
            return .fastViT(imageSide: imageSide, embeddingDimension: embeddingDimension)
        }
    }
}
