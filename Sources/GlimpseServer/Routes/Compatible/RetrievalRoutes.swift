import Foundation
import GlimpseFormats
import GlimpseLibrary
import GlimpseModels
import HTTPTypes
import Hummingbird

/// `/knn-service` and `/indices-list`: what clients of clip-retrieval's back end ask (github.com/rom1504/clip-retrieval). An index is a model the
/// library was indexed with.
struct RetrievalRoutes {
    let services: Services

    private static let answerLimit = 1000

    func add(to router: some RouterMethods<ServerContext>) {
        router.post("knn-service") { request, context in
            let address = "\(request.isSecure ? "https" : "http")://\(request.head.authority ?? "")"
            // Its client names no type, and its page calls JSON text.
            return try await services.answering(request, context, isAlwaysJSON: true) { submission in
                try await neighbours(submission.arguments, address: address)
            }
        }
        router.get("indices-list") { _, _ in
            let statistics = try await services.blocking { [library = services.library] in try library.statistics() }
            return JSONAnswer(statistics.models.filter { $0.embeddingCount > 0 }.map(\.model.name))
        }
    }

    private struct Answer: Encodable {
        let id: Int64
        let similarity: Float
        let url: String
        let caption: String
    }

    private func neighbours(
        _ arguments: Arguments, address: String
    ) async throws -> JSONAnswer<[Answer]> {
        let count = try arguments.integer("num_images", in: 1...Self.answerLimit, otherwise: 0)
        guard count > 0 else { throw ServerError(.invalidInput, "num_images: missing") }
        _ = try arguments.choice("modality", Modality.self)
        let engine = try await services.models.engine(arguments.string("indice_name"))
        let query = try await query(arguments, engine)
        return JSONAnswer(
            try await services.blocking { [library = services.library] in
                try library.search(query, limit: count).compactMap { match in
                    try library.content(match.contentHash).map { content in
                        Answer(
                            id: content.id, similarity: match.score,
                            url: "\(address)/api/v1/pictures/\(match.contentHash)",
                            caption: URL(filePath: match.path).lastPathComponent)
                    }
                }
            })
    }

    private enum Modality: String, CaseIterable {
        case image, text
    }

    /// The first of what is asked that is there.
    private func query(
        _ arguments: Arguments, _ engine: Engine
    ) async throws -> Embedding {
        let input: InputSource
        if let text = try arguments.string("text"), !text.isEmpty {
            input = try InputSource(text: text, at: "text")
        } else if let image = try arguments.string("image"), !image.isEmpty {
            input = .image(try Base64Image.bytes(of: image, at: "image"))
        } else if let url = try arguments.string("image_url"), !url.isEmpty {
            input = .url(url)
        } else {
            return try Self.embedding(arguments, model: engine.model.identity)
        }
        return try await services.embed([input], with: engine)[0].embedding
    }

    private static func embedding(_ arguments: Arguments, model: ModelIdentity) throws -> Embedding {
        let values = try arguments.all("embedding_input").map { value -> Float in
            switch value {
            case .integer(let number): return Float(number)
            case .real(let number) where Float(number).isFinite: return Float(number)
            default: throw ServerError(.invalidInput, "embedding_input: expected a list of numbers")
            }
        }
        guard !values.isEmpty else {
            throw ServerError(.invalidInput, "expected text, image, image_url or embedding_input")
        }
        guard values.count == model.dimension else {
            throw ServerError(
                .invalidInput, "embedding_input: \(values.count) numbers, the model has \(model.dimension)")
        }
        // Scaled first: squares of large numbers are no numbers.
        let largest = max(values.map(abs).max() ?? 0, .leastNormalMagnitude)
        return Embedding(normalizing: values.map { $0 / largest }, model: model)
    }
}
