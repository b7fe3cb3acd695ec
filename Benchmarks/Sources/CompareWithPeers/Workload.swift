import Foundation
import GlimpseMedia
import GlimpseModels
import GlimpseTensor
import GlimpseTasks
import GlimpseText

/// What runs a network in a peer's process.
enum Runtime: String, Hashable {
    case onnxRuntime = "onnxruntime"
    case openVINO = "openvino"
    /// PyTorch, with open_clip's own code.
    case openCLIP = "open_clip"
}

/// A file that a runtime can load.
struct Network: Hashable {
    let runtime: Runtime
    /// The name of an ONNX file; empty for a runtime that reads the model's own folder.
    let file: String
}

/// The same inputs for all sides.
struct Workload {
    /// What all sides embed.
    enum Inputs {
        /// B pictures of 224 × 224 pixels.
        case pictures([Pixels])
        /// B texts, and what the peer pads them to.
        case texts([String], paddedTo: Int?)
        /// Labels in sentences, for a zero-shot head.
        case labels(LabelSet, PromptTemplates)
    }

    /// What came out on our side.
    enum Output {
        case embeddings([Embedding])
        case head(ZeroShotHead)

        /// The cosine of each row with a peer's.
        func cosines(to rows: [[Float]]) -> [Float] {
            switch self {
            case .embeddings(let embeddings):
                zip(embeddings, rows).map { $0.cosine(to: Embedding(normalizing: $1, model: $0.model)) }
            case .head(let head):
                rows.enumerated().map { head.cosines(Embedding(normalizing: $1, model: head.model))[$0] }
            }
        }
    }

    let name: String
    let checkpoint: Checkpoint
    /// How our side computes; peers always compute in single precision.
    let precision: Precision
    let inputs: Inputs
    /// What peers run; of the files of a runtime the fastest counts.
    let networks: [Network]
    /// The ratio to the fastest peer that Glimpse aims at, where it has one.
    let target: Double?

    /// Embeds the inputs.
    func run(with embedder: Embedder) throws -> Output {
        switch inputs {
        case .pictures(let pictures): .embeddings(try embedder.embed(preprocessed: pictures))
        case .texts(let texts, _): .embeddings(try embedder.embed(texts: texts))
        case .labels(let labels, let templates):
            .head(try ZeroShotHead(labels, templates: templates, embedder: embedder))
        }
    }

    /// The inputs as the peer takes them.
    ///
    /// - Parameters:
    ///   - network: what the peer runs.
    ///   - folder: the folder of the ONNX files.
    ///   - model: the workload's model.
    func request(_ network: Network, in folder: URL, model: Models.Loaded) -> PeerProcess.LoadRequest {
        let file = network.file.isEmpty ? model.folder : folder.appending(path: network.file)
        var request = PeerProcess.LoadRequest(
            load: caseName(network), family: checkpoint.family, network: file.path(percentEncoded: false))
        switch inputs {
        case .pictures(let pictures):
            let bytes = pictures.reduce(into: Data()) { data, picture in
                picture.withUnsafeBytes { data.append(contentsOf: $0) }
            }
            request.pictures = bytes.base64EncodedString()
        case .texts(let texts, let length):
            request.tokens = texts.map(model.tokenizer.encode)
            request.length = length
        case .labels(let labels, let templates):
            request.names = labels.labels
            request.templates = templates.templates
        }
        return request
    }

    /// What the peer knows the case by.
    func caseName(_ network: Network) -> String { "\(name), \(network.file)" }
}
