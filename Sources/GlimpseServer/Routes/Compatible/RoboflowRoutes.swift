import GlimpseFormats
import GlimpseModels
import Hummingbird

/// `/clip/…`: what clients of Roboflow's inference server ask of CLIP (github.com/roboflow/inference).
///
/// Vectors are as the model gives them, not of length 1; similarities are cosines. A picture that comes as a pickle is refused: reading one
/// can run anything.
struct RoboflowRoutes {
    let services: Services

    /// Upstream's limit for pictures, and for prompts of a comparison.
    private static let compareLimit = 8
    private static let inputLimit = 256
    /// A body with the token in it is read before it is known whether the token is right.
    private static let strangerLimit = 8 << 20

    /// The paths, whose requests may carry the token in their body.
    static let paths: Set<String> = ["/clip/embed_image", "/clip/embed_text", "/clip/compare"]

    func add(to router: some RouterMethods<ServerContext>) {
        let group = router.group("clip")
        group.post("embed_image") { request, context in
            try await answering(request, context) { json in
                let images = try Self.elements(of: json["image"], at: "image")
                return try await embeddings(
                    of: images.enumerated().map { try Self.image($1, at: "image[\($0)]") }, json)
            }
        }
        group.post("embed_text") { request, context in
            try await answering(request, context) { json in
                let texts = try Self.elements(of: json["text"], at: "text")
                return try await embeddings(
                    of: texts.enumerated().map { try Self.text($1, at: "text[\($0)]") }, json)
            }
        }
        group.post("compare") { request, context in
            try await answering(request, context) { json in
                try await comparison(json)
            }
        }
    }

    private struct Answer: Encodable {
        /// Numbers in order, or by name.
        enum Similarity: Encodable, Sendable {
            case list([Float])
            case named([String: Float])

            func encode(to encoder: any Encoder) throws {
                switch self {
                case .list(let numbers): try numbers.encode(to: encoder)
                case .named(let numbers): try numbers.encode(to: encoder)
                }
            }
        }

        @Nullable var inferenceID: String?
        @Nullable var frameID: String?
        let time: Double
        var embeddings: [[Float]]?
        var similarity: Similarity?
        var parentID: Nullable<String>?

        enum CodingKeys: String, CodingKey {
            case inferenceID = "inference_id"
            case frameID = "frame_id"
            case time, embeddings, similarity
            case parentID = "parent_id"
        }
    }

    private func answering(
        _ request: Request, _ context: ServerContext,
        _ answer: @escaping @Sendable (JSON) async throws -> Answer
    ) async throws -> JSONAnswer<Answer> {
        // In the header, in the address as hosted clients have it, or in the body.
        let shown = AccessMiddleware.shownTokens(request) + (try Arguments(query: request.uri).strings("api_key"))
        // Before the token is read, no more is taken than a request without pictures needs.
        let isShown = services.token.map { token in shown.contains(where: token.matches) } ?? true
        let bodyLimit = isShown ? nil : Self.strangerLimit
        return try await services.answering(request, context, bodyLimit: bodyLimit) {
            [token = services.token] submission in
            guard let json = submission.json else {
                throw ServerError(.unsupportedMediaType, "expected a body of the type application/json")
            }
            if let token {
                let tokens = shown + [json["api_key"]?.string].compactMap { $0 }
                guard tokens.contains(where: token.matches) else { throw ServerError.unauthorized }
            }
            return JSONAnswer(try await answer(json))
        }
    }

    private func engine(_ json: JSON) async throws -> Engine {
        switch json["clip_version_id"] {
        case nil, .null: return try await services.models.engine(nil)
        case .string(let name): return try await services.models.engine(name)
        default: throw ServerError(.invalidInput, "clip_version_id: expected a string")
        }
    }

    private func embeddings(
        of inputs: [InputSource], _ json: JSON
    ) async throws -> Answer {
        guard (1...Self.inputLimit).contains(inputs.count) else {
            throw ServerError(.invalidInput, "expected 1 to \(Self.inputLimit) inputs, found \(inputs.count)")
        }
        let start = ContinuousClock.now
        let outputs = try await services.embed(inputs, with: engine(json))
        return Answer(
            inferenceID: json["id"]?.string, frameID: nil, time: start.duration(to: .now) / .seconds(1),
            embeddings: outputs.map(\.projection))
    }

    private func comparison(_ json: JSON) async throws -> Answer {
        let start = ContinuousClock.now
        guard let subject = json["subject"] else { throw ServerError(.invalidInput, "subject: missing") }
        let read = try Self.reader(json["subject_type"], otherwise: "image", at: "subject_type")
        let readPrompt = try Self.reader(json["prompt_type"], otherwise: "text", at: "prompt_type")
        let (names, prompts) = try Self.prompts(json["prompt"])
        guard (1...Self.compareLimit).contains(prompts.count) else {
            throw ServerError(.invalidInput, "prompt: expected 1 to \(Self.compareLimit), found \(prompts.count)")
        }
        var inputs = [try read(subject, "subject")]
        for (place, prompt) in prompts.enumerated() {
            inputs.append(try readPrompt(prompt, names.map { "prompt.\($0[place])" } ?? "prompt[\(place)]"))
        }
        let outputs = try await services.embed(inputs, with: engine(json))
        let cosines = outputs.dropFirst().map { outputs[0].embedding.cosine(to: $0.embedding) }
        let similarity: Answer.Similarity =
            if let names {
                .named(Dictionary(zip(names, cosines), uniquingKeysWith: { $1 }))
            } else {
                .list(cosines)
            }
        return Answer(
            inferenceID: json["id"]?.string, frameID: nil, time: start.duration(to: .now) / .seconds(1),
            similarity: similarity, parentID: Nullable(wrappedValue: nil))
    }

    /// One element or several.
    private static func elements(of json: JSON?, at place: String) throws -> [JSON] {
        switch json {
        case nil, .null: throw ServerError(.invalidInput, "\(place): missing")
        case .array(let elements): return elements
        case .some(let element): return [element]
        }
    }

    /// The prompts, and their names where they have some. A picture is an object, too: one with a type and a value.
    private static func prompts(_ json: JSON?) throws -> (names: [String]?, prompts: [JSON]) {
        guard let json else { throw ServerError(.invalidInput, "prompt: missing") }
        if let members = json.members, json["type"] == nil || json["value"] == nil {
            return (members.map(\.key), members.map(\.value))
        }
        return (nil, try elements(of: json, at: "prompt"))
    }

    private static func reader(
        _ type: JSON?, otherwise standard: String, at place: String
    ) throws -> (JSON, String) throws -> InputSource {
        let name = if case .null? = type { standard } else { type == nil ? standard : type?.string ?? "" }
        switch name {
        case "image": return image
        case "text": return text
        default: throw ServerError(.invalidInput, "\(place): expected image or text")
        }
    }

    private static func text(_ json: JSON, at place: String) throws -> InputSource {
        guard let text = json.string else { throw ServerError(.invalidInput, "\(place): expected a string") }
        return try InputSource(text: text, at: place)
    }

    private static func image(_ json: JSON, at place: String) throws -> InputSource {
        guard let type = json["type"]?.string, let value = json["value"]?.string else {
            throw ServerError(.invalidInput, "\(place): expected {\"type\": \"base64\", \"value\": …}")
        }
        switch type {
        case "base64": return .image(try Base64Image.bytes(of: value, at: place))
        case "url": return .url(value)
        case "numpy":
            throw ServerError(
                .invalidInput, "\(place): a pickle, which could run anything when it is read", remedy: "send base64")
        default: throw ServerError(.invalidInput, "\(place): expected the type base64 or url")
        }
    }
}
