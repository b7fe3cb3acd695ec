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

/// The models that are measured, loaded once.
struct Models {
    /// A model with its tokenizer, whose ids the peers are given.
    struct Loaded {
        let folder: URL
        let embedder: Embedder
        let tokenizer: any Tokenizer
    }

    private let loaded: [Family: [Precision: Loaded]]

    /// Loads both, CLIP in every precision.
    init(lite: URL, clip: URL, on compute: Compute) throws {
        loaded = [
            .lite: [.float32: try Self.load(lite, contextLength: 256, .float32, on: compute)],
            .clip: try Dictionary(
                uniqueKeysWithValues: Precision.allCases.map {
                    ($0, try Self.load(clip, contextLength: 77, $0, on: compute))
                }),
        ]
    }

    /// The model a workload runs on.
    subscript(workload: Workload) -> Loaded {
        get throws { try model(of: workload.family, in: workload.precision) }
    }

    /// A model of a family.
    func model(of family: Family, in precision: Precision = .float32) throws -> Loaded {
        guard let model = loaded[family]?[precision] else {
            throw ValidationError("\(family) is not measured in \(precision.rawValue).")
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
