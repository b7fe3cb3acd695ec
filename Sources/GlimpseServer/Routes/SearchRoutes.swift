import Foundation
import GlimpseFormats
import GlimpseLibrary
import GlimpseModels
import GlimpseTasks
import Hummingbird
import NIOPosix

/// `/api/v1/search` and `/api/v1/similar`: pictures of the library by words and by pictures.
struct SearchRoutes {
    let services: Services

    private static let topLimit = 1000
    private static let termLimit = 256
    private static let queryLimit = 10_000

    func add(to group: RouterGroup<ServerContext>) {
        group.get("search", use: search)
        group.post("search", use: search)
        group.get("similar", use: similar)
        group.post("similar", use: similar)
    }

    @Sendable private func search(_ request: Request, _ context: ServerContext) async throws -> JSONAnswer<AnswerList> {
        return try await services.answering(request, context) { submission in
            try await answers(to: submission)
        }
    }

    private func answers(
        to submission: Submission
    ) async throws -> JSONAnswer<AnswerList> {
        let arguments = submission.arguments
        try arguments.requireKnown(FilterDescription.names.union(["q", "terms", "top", "all", "minScore", "model"]))
        let question = try Question(submission, termLimit: Self.termLimit, queryLimit: Self.queryLimit)
        let filter = try FilterDescription(arguments).filter(standardized: Self.libraryPath)
        let top = try arguments.integer("top", in: 1...Self.topLimit, otherwise: 50)
        let isAll = try arguments.boolean("all")
        let minimumScore = try arguments.number("minScore").map(Float.init)
        let engine = try await services.models.engine(arguments.string("model"))
        // The terms go through the engine, together with what other clients ask at the moment.
        let outputs = try await services.embed(question.sources, with: engine)
        let known = Dictionary(
            zip(question.contents, outputs.map(\.embedding)), uniquingKeysWith: { first, _ in first })
        let searcher = Searcher(library: services.library, embedder: engine.embedder, decoder: services.decoder)
        let answers = try await services.blocking {
            try searcher.search(
                question.query, limit: top, filter: filter, minimumScore: minimumScore, known: known)
        }
        return JSONAnswer(
            AnswerList(
                model: engine.model.identity.name, isFound: answers.isFound,
                answers: (isAll ? answers.all : answers.likely).map(AnswerRecord.init)))
    }

    @Sendable private func similar(
        _ request: Request, _ context: ServerContext
    ) async throws -> JSONAnswer<AnswerList> {
        return try await services.answering(request, context) { submission in
            try await pictures(like: submission)
        }
    }

    private func pictures(
        like submission: Submission
    ) async throws -> JSONAnswer<AnswerList> {
        let arguments = submission.arguments
        try arguments.requireKnown(FilterDescription.names.union(["picture", "image", "url", "top", "all", "model"]))
        let filter = try FilterDescription(arguments).filter(standardized: Self.libraryPath)
        let top = try arguments.integer("top", in: 1...Self.topLimit, otherwise: 50)
        let source = try Self.picture(submission)
        let engine = try await services.models.engine(arguments.string("model"))
        let search = SimilarSearch(library: services.library, embedder: engine.embedder, decoder: services.decoder)
        let found: [SimilarPicture]
        switch source {
        case .picture(let hash):
            found = try await services.blocking { [library = services.library] in
                guard let content = try library.content(hash) else { throw ServerError.unknownPicture }
                return try search.pictures(like: content, limit: top, filter: filter)
            }
        default:
            var lease: UploadBudget.Lease?
            defer { withExtendedLifetime(lease) {} }
            var bytes = source.bytes
            if case .url(let address) = source {
                let fetched = try await services.fetch(address)
                (bytes, lease) = (fetched.bytes, fetched.lease)
            }
            let output = try await services.embed([.image(bytes)], with: engine)[0]
            found = try await services.threads.pictures.runIfActive { [bytes] in
                try search.pictures(
                    like: bytes, name: "the picture", embedding: output.embedding, limit: top, filter: filter)
            }
        }
        return JSONAnswer(
            AnswerList(
                model: engine.model.identity.name, isFound: !found.isEmpty, answers: found.map(AnswerRecord.init)))
    }

    /// The one picture of a request.
    private static func picture(_ submission: Submission) throws -> InputSource {
        var sources = submission.inputs
        let arguments = submission.arguments
        if let text = try arguments.string("picture") {
            sources.append(.picture(try InputSource.hash(text, at: "picture")))
        }
        if let text = try arguments.string("image") {
            sources.append(.image(try Base64Image.bytes(of: text, at: "image")))
        }
        if let text = try arguments.string("url") { sources.append(.url(text)) }
        guard sources.count == 1, sources[0].isPicture else {
            throw ServerError(.invalidInput, "expected one picture: as picture, image, url, or as the body")
        }
        return sources[0]
    }

    /// The form paths have in the library; nothing is looked up, so that nobody learns which files there are.
    static func libraryPath(_ text: String) throws -> String {
        guard text.hasPrefix("/") else {
            throw ServerError(.invalidInput, "\"\(text.prefix(100))\" is not an absolute path")
        }
        let components = text.split(separator: "/").filter { $0 != "." }
        guard !components.contains("..") else {
            throw ServerError(.invalidInput, "\"\(text.prefix(100))\" has .. in it")
        }
        return "/" + components.joined(separator: "/")
    }
}

extension InputSource {
    fileprivate var isPicture: Bool {
        if case .text = self { false } else { true }
    }

    fileprivate var bytes: Data {
        if case .image(let bytes) = self { bytes } else { Data() }
    }
}

/// What a search is for: a query, and what its terms stand for.
private struct Question {
    let query: Query
    /// The terms that have to be embedded.
    let sources: [InputSource]
    /// What the query calls them, in the same order.
    let contents: [QueryTerm.Content]

    /// - Throws: `ServerError`, `TaskError` for a query that makes no sense.
    init(_ submission: Submission, termLimit: Int, queryLimit: Int) throws {
        let arguments = submission.arguments
        var terms: [(source: InputSource, weight: Float)] = submission.inputs.map { ($0, 1) }
        for (place, json) in arguments.all("terms").enumerated() {
            let source = try InputSource(json, at: "terms[\(place)]")
            terms.append((source, try Self.weight(json["weight"], at: "terms[\(place)].weight")))
        }
        guard terms.count <= termLimit else {
            throw ServerError(.invalidInput, "terms: \(terms.count) of them, the limit is \(termLimit)")
        }
        if terms.isEmpty {
            let text = try arguments.requiredString("q")
            guard text.utf8.count <= queryLimit else {
                throw ServerError(.invalidInput, "q: longer than \(queryLimit) bytes")
            }
            query = try Query.parse(words: text)
            contents = Array(Set(query.terms.map(\.content)))
            guard query.terms.count <= termLimit, query.alternatives.count <= Self.alternativeLimit else {
                throw ServerError(
                    .invalidInput, "q: more than \(termLimit) terms, or more than \(Self.alternativeLimit) sums with OR"
                )
            }
            guard query.terms.allSatisfy({ abs($0.weight) <= Float(Self.weightLimit) }) else {
                throw ServerError(
                    .invalidInput, "q: a weight that is not between -\(Self.weightLimit) and \(Self.weightLimit)")
            }
            sources = try contents.map { content in
                guard case .text(let text) = content else { throw ServerError(.invalidInput, "q: words only") }
                return try InputSource(text: text, at: "q")
            }
            return
        }
        guard arguments.all("q").isEmpty else { throw ServerError(.invalidInput, "q and terms exclude each other") }
        sources = terms.map(\.source)
        contents = sources.enumerated().map { place, source in
            if case .text(let text) = source { .text(text) } else { .picture("#\(place)") }
        }
        query = try Query([zip(contents, terms).map { QueryTerm($0, weight: $1.weight) }])
    }

    /// Each is a search of its own.
    private static let alternativeLimit = 16
    /// Beyond it nothing else counts.
    private static let weightLimit = 1000

    private static func weight(_ json: JSON?, at place: String) throws -> Float {
        switch json {
        case nil, .null: return 1
        case .integer(let number) where (-weightLimit...weightLimit).contains(number): return Float(number)
        case .real(let number) where abs(number) <= Double(weightLimit): return Float(number)
        default:
            throw ServerError(.invalidInput, "\(place): expected a number between -\(weightLimit) and \(weightLimit)")
        }
    }
}

extension FilterDescription {
    /// What the parts of a filter are called in requests.
    static let names: Set<String> = [
        "under", "exclude", "since", "until", "camera", "near", "within", "type", "orientation", "size",
    ]

    /// The filter that a request describes.
    init(_ arguments: Arguments) throws {
        self.init()
        under = try arguments.strings("under")
        exclude = try arguments.strings("exclude")
        since = try arguments.string("since")
        until = try arguments.string("until")
        camera = try arguments.string("camera")
        near = try arguments.string("near")
        within = try arguments.number("within")
        type = try arguments.choice("type", ContentDescription.MediaType.self)
        orientation = try arguments.choice("orientation", SearchFilter.Orientation.self)
        size = try arguments.string("size")
    }
}
