import ArgumentParser
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

/// Weights that are measured.
enum Checkpoint: Hashable {
    case lite
    /// Floats that no half can hold, as open_clip's own checkpoints.
    case clip
    /// Floats that were halves before, as OpenAI's checkpoints: Glimpse keeps them as halves and loses nothing.
    case clipOfHalves

    /// What kind of model they belong to.
    var family: Family { self == .lite ? .lite : .clip }
}

/// The models that are measured, loaded once.
struct Models {
    /// A model with its tokenizer, whose ids the peers are given.
    struct Loaded {
        let folder: URL
        let embedder: Embedder
        let tokenizer: any Tokenizer
    }

    private let loaded: [Checkpoint: [Precision: Loaded]]

    /// Loads all, CLIP's floats in each precision that is measured.
    init(lite: URL, clip: URL, clipOfHalves: URL, on compute: Compute) throws {
        let floats: [Precision] = [.float32, .int16, .int8]
        loaded = [
            .lite: [.float32: try Self.load(lite, contextLength: 256, .float32, on: compute)],
            .clip: try Dictionary(
                uniqueKeysWithValues: floats.map { ($0, try Self.load(clip, contextLength: 77, $0, on: compute)) }),
            .clipOfHalves: [.float32: try Self.load(clipOfHalves, contextLength: 77, .float32, on: compute)],
        ]
    }

    /// The model a workload runs on.
    subscript(workload: Workload) -> Loaded {
        get throws { try model(of: workload.checkpoint, in: workload.precision) }
    }

    /// A model with these weights.
    func model(of checkpoint: Checkpoint, in precision: Precision = .float32) throws -> Loaded {
        guard let model = loaded[checkpoint]?[precision] else {
            throw ValidationError("\(checkpoint) is not measured in \(precision.rawValue).")
        }
        return model
    }

    private static func load(
        _ url: URL, contextLength: Int, _ precision: Precision, on compute: Compute
    ) throws -> Loaded {
        let folder = ModelFolder(name: url.lastPathComponent, url: url)
        let model = try Model.load(folder: folder, precision: precision, on: compute)
        return Loaded(
            folder: url, embedder: Embedder(model: model, on: compute),
            tokenizer: try Tokenizers.load(folder: url.path(percentEncoded: false), contextLength: contextLength))
    }
}
