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
    let backlog: Backlog
    let token: AccessToken?
    let version: String
    /// Whether files may not be moved, nor anything indexed.
    let isReadOnly: Bool
    /// How long an answer may take where the client does not say.
    let requestTimeout: Duration
    let threads: ServerThreads

    /// Runs what reads the library.
    func blocking<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await threads.library.runIfActive(body)
    }

    /// Until when a request wants to be answered: `Prefer: wait=SECONDS` (RFC 7240), at most the server's own limit.
    func deadline(of request: Request) -> ContinuousClock.Instant {
        let wait = request.headers[named: "Prefer"].flatMap {
            HeaderValue("; " + $0.replacing(",", with: ";")).parameters["wait"]
        }
        let seconds = wait.flatMap(Double.init).flatMap { $0.isFinite ? $0 : nil }.map {
            Duration.seconds(min(max($0, 0), 86_400))
        }
        return .now + min(seconds ?? requestTimeout, requestTimeout)
    }

    /// Reads a body and answers, as long as the client is there and its time is not over.
    ///
    /// - Parameter asksEngine: whether it is turned away while too many wait for a model.
    /// - Throws: `ServerError` `overloaded` before the body is read, when what it asks could not be taken on.
    func answering<Value: Sendable>(
        _ request: Request, _ context: ServerContext, isAlwaysJSON: Bool = false, asksEngine: Bool = true,
        bodyLimit: Int? = nil, _ answer: @escaping @Sendable (Submission) async throws -> Value
    ) async throws -> Value {
        let deadline = deadline(of: request)
        if let encoding = request.headers[.contentEncoding], encoding.lowercased() != "identity" {
            throw ServerError(
                .unsupportedMediaType, "a body in the encoding \(encoding.prefix(40))", remedy: "send it as it is")
        }
        if asksEngine, backlog.isFull {
            metrics.count(.rejected)
            throw ServerError.overloaded
        }
        return try await budget.collecting(request, limit: bodyLimit, until: deadline) { body, lease in
            let submission = try Submission(
                body, contentType: request.headers[.contentType], query: try Arguments(query: request.uri),
                isAlwaysJSON: isAlwaysJSON, lease: lease)
            return try await clients.serving(context.channel, until: deadline) { try await answer(submission) }
        }
    }

    /// What is fetched is held in memory until all is there.
    private static let addressLimit = 16

    /// Embeds what a client sent, in its order.
    ///
    /// - Throws: `ServerError` for the first input that cannot be embedded.
    func embed(
        _ inputs: [InputSource], with engine: Engine
    ) async throws -> [EngineOutput] {
        var known: [Int: EngineOutput] = [:]
        var leases: [UploadBudget.Lease] = []
        defer { withExtendedLifetime(leases) {} }
        var asked: [(place: Int, input: EngineInput)] = []
        let addressCount = inputs.count { if case .url = $0 { true } else { false } }
        guard addressCount <= Self.addressLimit else {
            throw ServerError(
                .invalidInput, "\(addressCount) addresses at once, the limit is \(Self.addressLimit)")
        }
        for (place, input) in inputs.enumerated() {
            switch input {
            case .text(let text): asked.append((place, .text(text)))
            case .image(let bytes): asked.append((place, .picture(bytes)))
            case .url(let address):
                let fetched = try await fetch(address)
                leases.append(fetched.lease)
                asked.append((place, .picture(fetched.bytes)))
            case .picture(let hash): known[place] = try await stored(hash, with: engine)
            }
        }
        let outputs = try await engine.embed(asked.map(\.input))
        for (question, output) in zip(asked, outputs) { known[question.place] = try output.get() }
        return inputs.indices.compactMap { known[$0] }
    }

    /// The bytes at an address, where that is allowed.
    func fetch(_ address: String) async throws -> HeldBytes {
        guard let fetcher else {
            throw ServerError(
                .forbidden, "this server does not fetch addresses", remedy: "send the picture itself, as base64")
        }
        let bytes = try await fetcher.bytes(at: address)
        return HeldBytes(bytes: bytes, lease: try budget.lease(bytes.count))
    }

    /// The embedding of a picture of the library: the one it has, or else one that is made of its file.
    private func stored(
        _ hash: ContentHash, with engine: Engine
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
        let held = try await bytes(of: content)
        defer { withExtendedLifetime(held.lease) {} }
        return try await engine.embed([.picture(held.bytes)])[0].get()
    }

    /// The bytes of a picture of the library, as they were when it was indexed.
    ///
    /// - Throws: `ServerError` `notFound` when none of its files is there as it was.
    func bytes(of content: LibraryContent) async throws -> HeldBytes {
        let lease = try budget.lease(Int(clamping: content.byteCount))
        return HeldBytes(bytes: try await blocking { try content.bytes() }, lease: lease)
    }

    /// Bytes that count against what the server may hold, as long as the lease lives.
    struct HeldBytes: Sendable {
        let bytes: Data
        let lease: UploadBudget.Lease
    }
}

extension LibraryContent {
    /// The first of its files that is as it was when it was indexed.
    var unchangedFile: MediaFile? { files.first(where: \.isUnchanged) }

    /// The bytes of the picture.
    ///
    /// - Throws: `ServerError` `notFound` when none of its files is there as it was; `CocoaError` for one that cannot be read.
    func bytes() throws -> Data {
        guard let file = unchangedFile else { throw ServerError.unknownPicture }
        let bytes: Data
        do {
            bytes = try Data(contentsOf: URL(filePath: file.path))
        } catch CocoaError.fileReadNoSuchFile {
            throw ServerError.unknownPicture
        }
        // Another picture may have taken its place meanwhile.
        guard bytes.count == Int(file.byteCount), file.isUnchanged else { throw ServerError.unknownPicture }
        return bytes
    }
}

extension Arguments {
    /// The arguments of a query string.
    ///
    /// - Throws: `ServerError` for what is not encoded as it should be.
    init(query uri: URI) throws {
        self.init()
        // As forms are encoded: a plus is a space, and so is %20.
        func decoded(_ text: Substring) throws -> String {
            guard let decoded = text.replacing("+", with: " ").removingPercentEncoding else {
                throw ServerError(
                    .invalidInput, "the query string: \"\(text.prefix(100))\" is not percent-encoded UTF-8")
            }
            return decoded
        }
        for pair in (uri.query ?? "").split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            add(try decoded(parts.count == 2 ? parts[1] : ""), for: try decoded(parts[0]))
        }
    }
}
