import Foundation
import GlimpseLibrary
import GlimpseMedia
import GlimpseModels
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import NIOPosix

/// What routes work with.
struct Services: Sendable {
    let models: ModelPool
    let store: ModelStore
    let library: MediaLibrary
    let indexing: IndexingDesk
    let duplicates: DuplicateReview
    let thumbnails: ThumbnailCache
    let decoder: ImageDecoder
    /// Nil where addresses are not followed.
    let fetcher: PictureFetcher?
    let budget: UploadBudget
    let clients: ClientWatch
    let metrics: ServerMetrics
    let token: AccessToken?
    let version: String
    /// Whether files may not be moved, nor anything indexed.
    let isReadOnly: Bool
    /// How long an answer may take where the client does not say.
    let requestTimeout: Duration
    /// Run what blocks: files, the database, pictures for people to look at.
    let threads: NIOThreadPool

    /// Runs what blocks on a thread of its own kind.
    func blocking<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await threads.runIfActive(body)
    }

    /// Until when a request wants to be answered: `Prefer: wait=SECONDS` (RFC 7240), at most the server's own limit.
    func deadline(of request: Request) -> ContinuousClock.Instant {
        let wait = request.headers[named: "Prefer"].flatMap {
            HeaderValue("; " + $0.replacing(",", with: ";")).parameters["wait"]
        }
        let seconds = wait.flatMap(Double.init).map { Duration.seconds(min(max($0, 0), 86_400)) }
        return .now + min(seconds ?? requestTimeout, requestTimeout)
    }

    /// Reads a body and answers, as long as the client is there.
    func answering<Value: Sendable>(
        _ request: Request, _ context: ServerContext, isAlwaysJSON: Bool = false,
        _ answer: @escaping @Sendable (Submission) async throws -> Value
    ) async throws -> Value {
        try await budget.collecting(request) { body in
            let submission = try Submission(
                body, contentType: request.headers[.contentType], query: Arguments(query: request.uri),
                isAlwaysJSON: isAlwaysJSON)
            return try await clients.whileConnected(context.channel) { try await answer(submission) }
        }
    }

    /// Embeds what a client sent, in its order.
    ///
    /// - Throws: `ServerError` for the first input that cannot be embedded.
    func embed(
        _ inputs: [InputSource], with engine: Engine, deadline: ContinuousClock.Instant
    ) async throws -> [EngineOutput] {
        var known: [Int: EngineOutput] = [:]
        var asked: [(place: Int, input: EngineInput)] = []
        for (place, input) in inputs.enumerated() {
            switch input {
            case .text(let text): asked.append((place, .text(text)))
            case .image(let bytes): asked.append((place, .picture(bytes)))
            case .url(let address): asked.append((place, .picture(try await fetch(address))))
            case .picture(let hash): known[place] = try await stored(hash, with: engine, deadline: deadline)
            }
        }
        let outputs = try await engine.embed(asked.map(\.input), deadline: deadline)
        for (question, output) in zip(asked, outputs) { known[question.place] = try output.get() }
        return inputs.indices.compactMap { known[$0] }
    }

    /// The bytes at an address, where that is allowed.
    func fetch(_ address: String) async throws -> Data {
        guard let fetcher else {
            throw ServerError(
                .forbidden, "this server does not fetch addresses", remedy: "send the picture itself, as base64")
        }
        return try await fetcher.bytes(at: address)
    }

    /// The embedding of a picture of the library: the one it has, or else one that is made of its file.
    private func stored(
        _ hash: ContentHash, with engine: Engine, deadline: ContinuousClock.Instant
    ) async throws -> EngineOutput {
        let model = engine.model.identity
        let (content, embedding) = try await blocking { [library] in
            (try library.content(hash), try library.embedding(forContent: hash, model: model))
        }
        guard let content else { throw ServerError.unknownPicture }
        if let embedding {
            return EngineOutput(
                projection: embedding.values, embedding: embedding,
                size: .init(width: content.description.width, height: content.description.height))
        }
        let bytes = try await blocking { try content.bytes() }
        return try await engine.embed([.picture(bytes)], deadline: deadline)[0].get()
    }
}

extension LibraryContent {
    /// The first of its files that is as it was when it was indexed.
    var unchangedFile: MediaFile? { files.first(where: \.isUnchanged) }

    /// The bytes of the picture.
    ///
    /// - Throws: `ServerError` `notFound` when none of its files is there as it was.
    func bytes() throws -> Data {
        guard let file = unchangedFile else { throw ServerError.unknownPicture }
        do {
            return try Data(contentsOf: URL(filePath: file.path))
        } catch {
            throw ServerError.unknownPicture
        }
    }
}

extension Arguments {
    /// The arguments of a query string.
    init(query uri: URI) {
        self.init()
        for parameter in uri.queryParameters { add(String(parameter.value), for: String(parameter.key)) }
    }
}
