internal import NIOHTTP1

/// A request as a server saw it.
public struct Request: Sendable {
    /// `GET` and the like.
    public let method: String
    /// What was asked for, with its query.
    public let path: String
    private let headers: HTTPHeaders

    init(_ head: HTTPRequestHead) {
        method = head.method.rawValue
        path = head.uri
        headers = head.headers
    }

    /// The value of a header that is sent once; nil without it.
    public func header(_ name: String) -> String? { headers.first(name: name) }
}

/// What a server answers.
public struct Reply: Sendable {
    /// How it is sent.
    public enum Delivery: Sendable {
        /// All at once.
        case whole
        /// All at once, without its length.
        case chunked
        /// So many bytes, then the connection is closed although more were announced: once the client has them, where that
        /// can be told (what the network has delivered and nobody has read is lost with the connection), else at once.
        case cut(after: Int, once: (@Sendable () -> Bool)? = nil)
        /// One half, and the other once something holds.
        case held(until: @Sendable () -> Bool)
        /// A piece every few milliseconds.
        case trickle(pieces: Int)
        /// The body again and again, without an end, up to so many bytes.
        case endless(limit: Int)
        /// Nothing, not even a status.
        case silence
    }

    /// Its status code.
    public var status: Int
    /// Its headers; its length is added.
    public var headers: [(String, String)]
    /// What it brings.
    public var body: [UInt8]
    /// How it is sent.
    public var delivery: Delivery

    /// Makes an answer: without more, that all is well.
    public init(
        status: Int = 200, headers: [(String, String)] = [], body: [UInt8] = [], delivery: Delivery = .whole
    ) {
        self.status = status
        self.headers = headers
        self.body = body
        self.delivery = delivery
    }
}
