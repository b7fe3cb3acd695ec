import GlimpseModels
import GlimpseTasks
import Hummingbird
import NIOPosix

/// `/api/v1/embeddings` and `/api/v1/classify`: what models make of pictures and texts.
struct EmbeddingRoutes {
    let services: Services

    /// More inputs go in several requests.
    private static let inputLimit = 256
    private static let labelLimit = 10_000
    /// Labels times templates: each is a pass through the text tower.
    private static let sentenceLimit = 20_000
    private static let sentenceByteLimit = 1000

    func add(to group: RouterGroup<ServerContext>) {
        group.post("embeddings") { request, context in
            return try await services.answering(request, context) { submission in
                try await embed(submission)
            }
        }
        group.post("classify") { request, context in
            return try await services.answering(request, context) { submission in
                try await classify(submission)
            }
        }
    }

    private struct EmbeddingModel: Encodable {
        let model: String
        let fingerprint: String
        let dimension: Int
    }

    private func embed(
        _ submission: Submission
    ) async throws -> VectorAnswer<EmbeddingModel> {
        let inputs = try Self.checked(submission.inputs)
        try submission.arguments.requireKnown(["model"])
        let engine = try await services.models.engine(submission.arguments.string("model"))
        let outputs = try await services.embed(inputs, with: engine)
        let identity = engine.model.identity
        return VectorAnswer(
            name: "embeddings", vectors: outputs.map(\.embedding.values),
            members: EmbeddingModel(
                model: identity.name, fingerprint: identity.fingerprint, dimension: identity.dimension))
    }

    private struct ClassificationAnswer: Encodable {
        struct Prediction: Encodable {
            let label: String
            let probability: Float
            let score: Float
        }

        let model: String
        let predictions: [[Prediction]]
    }

    private func classify(
        _ submission: Submission
    ) async throws -> JSONAnswer<ClassificationAnswer> {
        let inputs = try Self.checked(submission.inputs)
        let arguments = submission.arguments
        try arguments.requireKnown(["labels", "templates", "top", "model"])
        let labels = try labels(arguments)
        let templates = try templates(arguments)
        try Self.check(labels, templates)
        let top = try arguments.integer("top", in: 1...Self.labelLimit, otherwise: 5)
        let engine = try await services.models.engine(arguments.string("model"))
        async let outputs = services.embed(inputs, with: engine)
        let model = engine.model
        let head = try await services.threads.slow.runIfActive {
            try ZeroShotHeadCache().head(labels, templates: templates, model: model.identity) { engine.embedder }.head
        }
        let classifier = Classifier(head: head, calibration: model.calibration)
        return JSONAnswer(
            ClassificationAnswer(
                model: model.identity.name,
                predictions: try await outputs.map { output in
                    classifier.classify(output.embedding, top: top).map {
                        ClassificationAnswer.Prediction(label: $0.label, probability: $0.probability, score: $0.cosine)
                    }
                }))
    }

    /// Sentences are made before any is embedded: many or long ones would take all memory.
    private static func check(_ labels: LabelSet, _ templates: PromptTemplates) throws {
        let texts = labels.labels + templates.templates
        guard labels.labels.count * templates.templates.count <= sentenceLimit,
            texts.allSatisfy({ $0.utf8.count <= sentenceByteLimit && $0.count(where: { $0 == "{" }) <= 4 })
        else {
            throw ServerError(
                .invalidInput,
                "labels and templates: more than \(sentenceLimit) sentences, or one of more than \(sentenceByteLimit) bytes or four {}"
            )
        }
    }

    private func labels(_ arguments: Arguments) throws -> LabelSet {
        let labels = try arguments.strings("labels")
        guard !labels.isEmpty else { throw ServerError(.invalidInput, "labels: missing") }
        guard labels.count <= Self.labelLimit else {
            throw ServerError(.invalidInput, "labels: \(labels.count) of them, the limit is \(Self.labelLimit)")
        }
        // One text in an address or a form may hold several with commas between.
        if labels.count == 1, arguments.isText("labels") { return try LabelSet(commaSeparated: labels[0]) }
        return try LabelSet(labels)
    }

    /// The name of a set, or sentences; never a file of the server.
    private func templates(_ arguments: Arguments) throws -> PromptTemplates {
        let texts = try arguments.strings("templates")
        guard let first = texts.first else { return .simple }
        if texts.count == 1, !first.contains("{") {
            let sets = try PromptTemplates.namedSets()
            if let set = sets.first(where: { $0.name == first }) { return set.templates }
            throw ServerError(
                .invalidInput, "templates: no set is called \"\(first.prefix(100))\"",
                remedy: "known: \(sets.map(\.name).joined(separator: ", ")); or give sentences with {} in them")
        }
        return try PromptTemplates(texts)
    }

    private static func checked(_ inputs: [InputSource]) throws -> [InputSource] {
        guard (1...inputLimit).contains(inputs.count) else {
            throw ServerError(.invalidInput, "inputs: expected 1 to \(inputLimit), found \(inputs.count)")
        }
        return inputs
    }
}
