import Foundation
import GlimpseFormats
import GlimpseModels
import Hummingbird

/// `/v1/…`: embeddings as OpenAI's clients ask for them, with pictures as michaelfeil/infinity has them (github.com/michaelfeil/infinity).
struct OpenAIRoutes {
    let services: Services

    private static let textLimit = 2048
    private static let imageLimit = 32

    func add(to router: some RouterMethods<ServerContext>) {
        router.post("v1/embeddings") { request, context in
            return try await services.answering(request, context) { submission in
                try await embed(submission)
            }
        }
        router.get("v1/models") { _, _ in JSONAnswer(ModelList(data: try await models())) }
        router.get("health") { _, _ in JSONAnswer(["unix": Date().timeIntervalSince1970]) }
    }

    private struct EmbeddingList: Encodable {
        struct Entry: Encodable {
            let object = "embedding"
            let embedding: Vector
            let index: Int
        }

        enum Vector: Encodable, Sendable {
            case numbers([Float])
            case base64(String)

            func encode(to encoder: any Encoder) throws {
                switch self {
                case .numbers(let numbers): try numbers.encode(to: encoder)
                case .base64(let text): try text.encode(to: encoder)
                }
            }
        }

        struct Usage: Encodable {
            let promptTokens: Int

            enum CodingKeys: String, CodingKey {
                case promptTokens = "prompt_tokens"
                case totalTokens = "total_tokens"
            }

            func encode(to encoder: any Encoder) throws {
                var container = encoder.container(keyedBy: CodingKeys.self)
                try container.encode(promptTokens, forKey: .promptTokens)
                try container.encode(promptTokens, forKey: .totalTokens)
            }
        }

        let object = "list"
        let data: [Entry]
        let model: String
        let usage: Usage
        let id: String
        let created: Int
    }

    private enum Modality: String, CaseIterable {
        case text, image
    }

    private enum Encoding: String, CaseIterable {
        case float, base64
    }

    private func embed(
        _ submission: Submission
    ) async throws -> JSONAnswer<EmbeddingList> {
        guard submission.json != nil else {
            throw ServerError(.unsupportedMediaType, "expected a body of the type application/json")
        }
        let arguments = submission.arguments
        let name = try arguments.requiredString("model")
        let modality = try arguments.choice("modality", Modality.self) ?? .text
        let encoding = try arguments.choice("encoding_format", Encoding.self) ?? .float
        let inputs = try Self.inputs(arguments, modality)
        let engine = try await services.models.engine(name)
        let dimension = engine.model.identity.dimension
        guard try arguments.integer("dimensions", in: 1...Int.max, otherwise: dimension) == dimension else {
            throw ServerError(
                .invalidInput, "dimensions: the vectors of this model have \(dimension), and cannot be cut")
        }
        let outputs = try await services.embed(inputs, with: engine)
        let tokens = try await services.blocking {
            try inputs.reduce(0) { count, input in
                if case .text(let text) = input { count + (try engine.model.tokenCount(of: text)) } else { count }
            }
        }
        let list = EmbeddingList(
            data: outputs.enumerated().map { index, output in
                EmbeddingList.Entry(embedding: Self.vector(output.embedding.values, encoding), index: index)
            },
            model: name, usage: .init(promptTokens: tokens), id: "embd-\(UUID().uuidString.lowercased())",
            created: Int(Date().timeIntervalSince1970))
        return JSONAnswer(list)
    }

    private static func inputs(_ arguments: Arguments, _ modality: Modality) throws -> [InputSource] {
        let texts = try arguments.strings("input")
        let limit = modality == .text ? textLimit : imageLimit
        guard (1...limit).contains(texts.count) else {
            throw ServerError(.invalidInput, "input: expected 1 to \(limit), found \(texts.count)")
        }
        return try texts.enumerated().map { place, text in
            guard !text.isEmpty else { throw ServerError(.invalidInput, "input[\(place)]: empty") }
            if modality == .text { return try InputSource(text: text, at: "input[\(place)]") }
            let start = text.prefix(8).lowercased()
            if start.hasPrefix("http://") || start.hasPrefix("https://") { return .url(text) }
            guard start.hasPrefix("data:") else {
                throw ServerError(.invalidInput, "input[\(place)]: expected a data: URI, or an address")
            }
            return .image(try Base64Image.bytes(of: text, at: "input[\(place)]"))
        }
    }

    private static func vector(_ values: [Float], _ encoding: Encoding) -> EmbeddingList.Vector {
        switch encoding {
        case .float: .numbers(values)
        case .base64:
            .base64(
                values.map(\.bitPattern.littleEndian).withUnsafeBytes { Data($0) }.base64EncodedString())
        }
    }

    private struct ModelList: Encodable {
        struct Entry: Encodable {
            let id: String
            let object = "model"
            let created: Int
            let ownedBy = "glimpse"

            enum CodingKeys: String, CodingKey {
                case id, object, created
                case ownedBy = "owned_by"
            }
        }

        let object = "list"
        let data: [Entry]
    }

    private func models() async throws -> [ModelList.Entry] {
        let folders = try [await services.models.folder(nil)] + services.store.installed()
        let byName = Dictionary(folders.map { ($0.name, $0.url) }, uniquingKeysWith: { first, _ in first })
        return byName.sorted { $0.key < $1.key }.map { name, url in
            // A model that has gone since it was listed was made at no time.
            let attributes = try? FileManager.default.attributesOfItem(atPath: url.path(percentEncoded: false))
            let modified = (attributes?[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
            return ModelList.Entry(id: name, created: Int(modified))
        }
    }
}
