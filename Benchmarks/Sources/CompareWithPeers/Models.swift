import Foundation
import GlimpseModels
import GlimpseTensor
import GlimpseText

/// Families of models, each with what a peer has to do around its networks.
enum Family: String, Encodable {
    /// EfficientNet-Lite0 and MiniLM.
    case lite
    /// CLIP ViT-B/32.
    case clip
}

/// How a model computes.
enum Precision: String, Encodable {
    /// Single precision.
    case f32
}

/// The models that are measured, loaded once.
struct Models {
    /// A model with its tokenizer, whose ids the peers are given.
    struct Loaded {
        let folder: URL
        let embedder: Embedder
        let tokenizer: any Tokenizer
    }

    let lite: Loaded
    let clip: Loaded

    /// Loads both.
    init(lite: URL, clip: URL, on compute: Compute) throws {
        self.lite = try Self.load(lite, contextLength: 256, on: compute)
        self.clip = try Self.load(clip, contextLength: 77, on: compute)
    }

    /// The model of a family.
    subscript(family: Family) -> Loaded {
        switch family {
        case .lite: lite
        case .clip: clip
        }
    }

    private static func load(_ url: URL, contextLength: Int, on compute: Compute) throws -> Loaded {
        let model = try Model.load(folder: ModelFolder(name: url.lastPathComponent, url: url), on: compute)
        return Loaded(
            folder: url, embedder: Embedder(model: model, on: compute),
            tokenizer: try Tokenizers.load(folder: url.path(percentEncoded: false), contextLength: contextLength))
    }
}
