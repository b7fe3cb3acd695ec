import AsyncHTTPClient
import Foundation
import GlimpseServer
import NIOCore
import NIOHTTP1
import Synchronization

/// A server that runs on a port of the loopback interface until the test lets go of it.
final class LiveServer: Sendable {
    let place: ServerPlace
    let port: Int
    private let task: Task<Void, Never>
    private let state: State

    private final class State: Sendable {
        private let ended = Mutex(false)
        var hasEnded: Bool { ended.withLock { $0 } }
        func end() { ended.withLock { $0 = true } }
    }

    struct DidNotStart: Error {}

    /// Starts a server.
    ///
    /// - Parameters:
    ///   - place: one of its own where none is given.
    ///   - change: alters what the server is told.
    init(at place: ServerPlace? = nil, _ change: (inout ServerConfiguration) -> Void = { _ in }) async throws {
        let place = try place ?? ServerPlace()
        let server = try await place.server(change)
        let state = State()
        let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
        let task = Task {
            try? await server.run { port in continuation.yield(port) }
            state.end()
            continuation.finish()
        }
        var iterator = ports.makeAsyncIterator()
        guard let port = await iterator.next() else { throw DidNotStart() }
        self.place = place
        self.port = port
        self.task = task
        self.state = state
    }

    deinit { task.cancel() }

    /// Whether it runs no more.
    var hasEnded: Bool { state.hasEnded }

    /// Stops it at once.
    func cancel() { task.cancel() }

    func address(_ path: String) -> String { "http://127.0.0.1:\(port)\(path)" }

    /// Sends a request.
    func send(
        _ method: HTTPMethod, _ path: String, headers: [(String, String)] = [], body: HTTPClientRequest.Body? = nil,
        client: HTTPClient = .shared
    ) async throws -> Answer {
        try await Answer(of: method, address(path), headers: headers, body: body, client: client)
    }

    /// Asks for something.
    func get(_ path: String, headers: [(String, String)] = []) async throws -> Answer {
        try await send(.GET, path, headers: headers)
    }

    /// Sends JSON.
    func post(
        _ path: String, json: String, headers: [(String, String)] = [], client: HTTPClient = .shared
    ) async throws -> Answer {
        try await post(path, Data(json.utf8), type: "application/json", headers: headers, client: client)
    }

    /// Sends bytes.
    func post(
        _ path: String, _ bytes: Data, type: String, headers: [(String, String)] = [], client: HTTPClient = .shared
    ) async throws -> Answer {
        try await send(
            .POST, path, headers: headers + [("Content-Type", type)], body: .bytes(ByteBuffer(bytes: bytes)),
            client: client)
    }
}

/// What a server has answered.
struct Answer: Sendable, CustomStringConvertible {
    let status: Int
    let headers: HTTPHeaders
    let body: Data

    /// Sends a request, and waits for all of the answer.
    init(
        of method: HTTPMethod, _ url: String, headers: [(String, String)] = [], body: HTTPClientRequest.Body? = nil,
        client: HTTPClient = .shared
    ) async throws {
        var request = HTTPClientRequest(url: url)
        request.method = method
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        request.body = body
        let response = try await client.execute(request, timeout: .seconds(200))
        let bytes = try await response.body.collect(upTo: 64 << 20)
        status = Int(response.status.code)
        self.headers = response.headers
        self.body = Data(bytes.readableBytesView)
    }

    var text: String { String(decoding: body, as: UTF8.self) }
    var description: String { "status \(status): \(text.prefix(500))" }

    /// The value of a header.
    func header(_ name: String) -> String? { headers.first(name: name) }

    /// The body as JSON.
    func decoded<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try JSONDecoder().decode(type, from: body)
    }

    /// What the server says is wrong; nil where it says nothing.
    var error: Failure? { (try? decoded(FailureAnswer.self))?.error }

    struct Failure: Decodable, Sendable {
        let code: String
        let message: String
        let remedy: String?
    }

    private struct FailureAnswer: Decodable {
        let error: Failure
    }
}

/// Vectors as a server gives them.
struct EmbeddingAnswer: Decodable, Sendable {
    let model: String
    let fingerprint: String
    let dimension: Int
    let embeddings: [[Float]]
}

/// Pictures of the library as a server gives them.
struct PictureAnswer: Decodable, Sendable {
    struct Picture: Decodable, Sendable {
        let id: String
        let path: String
        let score: Float
        let tier: String?
    }

    let model: String
    let isFound: Bool
    let answers: [Picture]
}

/// A value as JSON.
func jsonText(_ value: some Encodable) throws -> String {
    String(decoding: try JSONEncoder().encode(value), as: UTF8.self)
}
