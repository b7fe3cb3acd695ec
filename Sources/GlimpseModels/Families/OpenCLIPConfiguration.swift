/// `open_clip_config.json`: an architecture of open_clip and how its pictures are prepared; what is left out has the library's default.
///
/// Source: open_clip, `model.py` (CLIPVisionCfg, CLIPTextCfg) and `model_configs/`.
struct OpenCLIPConfiguration: Decodable, Hashable, Sendable {
    let model: Model
    let preprocessing: Preprocessing?

    enum CodingKeys: String, CodingKey {
        case model = "model_cfg"
        case preprocessing = "preprocess_cfg"
    }

    /// `model_cfg`, which is also the whole content of a file in open_clip's `model_configs`.
    struct Model: Decodable, Hashable, Sendable {
        let embeddingDimension: Int
        var usesQuickGELU: Bool?
        var hasCustomText: Bool?
        var initialLogitBias: Float?
        let vision: Vision
        let text: Text

        enum CodingKeys: String, CodingKey {
            case embeddingDimension = "embed_dim"
            case usesQuickGELU = "quick_gelu"
            case hasCustomText = "custom_text"
            case initialLogitBias = "init_logit_bias"
            case vision = "vision_cfg"
            case text = "text_cfg"
        }
    }

    /// One number, or one for rows and one for columns.
    struct Side: Decodable, Hashable, Sendable {
        let rows: Int
        let columns: Int

        /// The same for rows and columns.
        init(_ side: Int) { (rows, columns) = (side, side) }

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            let sides: [Int]
            do {
                sides = [try container.decode(Int.self)]
            } catch DecodingError.typeMismatch {
                sides = try container.decode([Int].self)
            }
            guard let first = sides.first, let last = sides.last, sides.count <= 2 else {
                throw DecodingError.dataCorruptedError(in: container, debugDescription: "expected one or two numbers")
            }
            (rows, columns) = (first, last)
        }
    }

    /// The number of blocks, or of a residual network's blocks in each of its four stages.
    enum Layers: Decodable, Hashable, Sendable {
        case transformer(Int)
        case residual([Int])

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            do {
                self = .transformer(try container.decode(Int.self))
            } catch DecodingError.typeMismatch {
                self = .residual(try container.decode([Int].self))
            }
        }
    }

    struct NormArguments: Decodable, Hashable, Sendable {
        var eps: Float?
    }

    struct ActivationArguments: Decodable, Hashable, Sendable {
        var approximate: String?
    }

    struct Vision: Decodable, Hashable, Sendable {
        var imageSize: Side?
        var patchSize: Side?
        var layers: Layers?
        var width: Int?
        var headWidth: Int?
        var perceptronRatio: Double?
        var poolType: String?
        var lacksInputNorm: Bool?
        var normAfterPooling: Bool?
        var attentionalPool: Bool?
        var poolerQueries: Int?
        var poolerHeads: Int?
        var normArguments: NormArguments?
        var activationArguments: ActivationArguments?
        var timmModelName: String?
        var timmPool: String?
        var timmProjection: String?
        var blockType: String?
        var normalizesQueriesKeys: Bool?

        enum CodingKeys: String, CodingKey {
            case imageSize = "image_size"
            case patchSize = "patch_size"
            case layers, width
            case headWidth = "head_width"
            case perceptronRatio = "mlp_ratio"
            case poolType = "pool_type"
            case lacksInputNorm = "no_ln_pre"
            case normAfterPooling = "final_ln_after_pool"
            case attentionalPool = "attentional_pool"
            case poolerQueries = "attn_pooler_queries"
            case poolerHeads = "attn_pooler_heads"
            case normArguments = "norm_kwargs"
            case activationArguments = "act_kwargs"
            case timmModelName = "timm_model_name"
            case timmPool = "timm_pool"
            case timmProjection = "timm_proj"
            case blockType = "block_type"
            case normalizesQueriesKeys = "qk_norm"
        }
    }

    struct Text: Decodable, Hashable, Sendable {
        var contextLength: Int?
        var vocabularySize: Int?
        var width: Int?
        var heads: Int?
        var layers: Int?
        var perceptronRatio: Double?
        var poolType: String?
        var endTokenID: Int32?
        var hasClassToken: Bool?
        var isBidirectional: Bool?
        var projectionType: String?
        var hasProjectionBias: Bool?
        var normArguments: NormArguments?
        var activationArguments: ActivationArguments?
        var huggingFaceModelName: String?
        var huggingFaceTokenizerName: String?
        var tokenizerArguments: TokenizerArguments?
        var poolerType: String?
        var huggingFaceProjectionType: String?

        enum CodingKeys: String, CodingKey {
            case contextLength = "context_length"
            case vocabularySize = "vocab_size"
            case width, heads, layers
            case perceptronRatio = "mlp_ratio"
            case poolType = "pool_type"
            case endTokenID = "eos_id"
            case hasClassToken = "embed_cls"
            case isBidirectional = "no_causal_mask"
            case projectionType = "proj_type"
            case hasProjectionBias = "proj_bias"
            case normArguments = "norm_kwargs"
            case activationArguments = "act_kwargs"
            case huggingFaceModelName = "hf_model_name"
            case huggingFaceTokenizerName = "hf_tokenizer_name"
            case tokenizerArguments = "tokenizer_kwargs"
            case poolerType = "hf_pooler_type"
            case huggingFaceProjectionType = "hf_proj_type"
        }
    }

    struct TokenizerArguments: Decodable, Hashable, Sendable {
        var clean: String?
        var stripsSeparator: Bool?

        enum CodingKeys: String, CodingKey {
            case clean
            case stripsSeparator = "strip_sep_token"
        }
    }

    struct Preprocessing: Decodable, Hashable, Sendable {
        let mean: [Float]?
        let standardDeviation: [Float]?
        var interpolation: String?
        var resizeMode: String?

        enum CodingKeys: String, CodingKey {
            case mean
            case standardDeviation = "std"
            case interpolation
            case resizeMode = "resize_mode"
        }
    }
}
