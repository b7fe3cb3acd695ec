internal import GlimpseTensor

/// The picture tower of an open_clip model.
enum OpenCLIPVision: Sendable {
    case transformer(VisionTransformerConfiguration, VisionTransformerKeys)
    case residualNetwork(ModifiedResNetConfiguration)
    case fastViT(imageSide: Int, embeddingDimension: Int)

    var imageSide: Int {
        switch self {
        case .transformer(let configuration, _): configuration.imageSide
        case .residualNetwork(let configuration): configuration.imageSide
        case .fastViT(let imageSide, _): imageSide
        }
    }

    init(
        _ configuration: OpenCLIPConfiguration.Vision, embeddingDimension: Int, activation: Activation,
        trunks: TimmTrunks, at location: String
    ) throws {
        func refuse(_ message: String) -> ModelError {
            ModelError(.invalidConfiguration, "vision_cfg: \(message)", at: location)
        }
        let imageSize = configuration.imageSize
        guard imageSize.map({ $0.rows == $0.columns }) ?? true else { throw refuse("image_size is not a square") }
        let imageSide = imageSize?.rows ?? 224
        if let name = configuration.timmModelName {
            guard let trunk = trunks.trunk(named: name) else { throw refuse("the picture tower \(name) is not known") }
            self = try trunk.vision(configuration, imageSide: imageSide, embeddingDimension, at: location)
            return
        }
        guard configuration.blockType ?? "default" == "default", configuration.normalizesQueriesKeys != true else {
            throw refuse("blocks of another kind than CLIP's")
        }
        let width = configuration.width ?? 768
        let headWidth = configuration.headWidth ?? 64
        guard headWidth > 0 else { throw refuse("head_width \(headWidth)") }
        let layerCount: Int
        switch configuration.layers ?? .transformer(12) {
        case .transformer(let count):
            layerCount = count
        case .residual(let blockCounts):
            guard (0...1_000_000).contains(width) else { throw refuse("width \(width)") }
            let network = ModifiedResNetConfiguration(
                imageSide: imageSide, width: width, blockCounts: blockCounts, headCount: width * 32 / headWidth,
                embeddingDimension: embeddingDimension)
            try network.validate("vision_cfg", at: location)
            self = .residualNetwork(network)
            return
        }
        let patchSize = configuration.patchSize?.rows ?? 16
        guard configuration.patchSize.map({ $0.rows == $0.columns }) ?? true else {
            throw refuse("patch_size is not a square")
        }
        let pooling: VisionTransformerConfiguration.Pooling
        switch (configuration.attentionalPool ?? false, configuration.poolType ?? "tok") {
        case (true, "tok"):
            pooling = .queries(
                count: configuration.poolerQueries ?? 256, headCount: configuration.poolerHeads ?? 8)
        case (false, "tok"): pooling = .classToken
        case (false, "avg"): pooling = .mean
        case (_, let type): throw refuse("pool_type \"\(type)\"")
        }
        let transformer = VisionTransformerConfiguration(
            imageSide: imageSide, patchSize: patchSize,
            transformer: TransformerConfiguration(
                width: width, layerCount: layerCount, headCount: width / headWidth,
                hiddenWidth: TransformerConfiguration.hiddenWidth(width, ratio: configuration.perceptronRatio ?? 4),
                activation: configuration.activationArguments?.approximate == "tanh" ? .geluTanh : activation,
                epsilon: configuration.normArguments?.eps ?? 1e-5),
            hasClassToken: true, patches: .squares(hasBias: false), hasInputNorm: configuration.lacksInputNorm != true,
            pooling: pooling,
            finalNorm: configuration.normAfterPooling == true ? .afterPooling : .beforePooling,
            embeddingDimension: embeddingDimension)
        try transformer.validate("vision_cfg", at: location)
        self = .transformer(transformer, .openCLIP)
    }

    func tower(_ scope: WeightScope, on compute: Compute) throws -> any ImageTower {
        switch self {
        case .transformer(let configuration, let keys):
            try VisionTransformer(configuration, scope, keys: keys, on: compute)
        case .residualNetwork(let configuration):
            try ModifiedResNet(configuration, scope.scope("visual"), on: compute)
        case .fastViT(_, let embeddingDimension):
            try FastViT(scope.scope("visual.trunk"), embeddingDimension: embeddingDimension, on: compute)
        }
    }
}
