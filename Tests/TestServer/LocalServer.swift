internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
public import NIOSSL
internal import Synchronization

/// An HTTP server on a port of the loopback interface, which notes who comes and what they get.
public final class LocalServer: Sendable {
    /// Where it listens.
    public let port: Int
    private let channel: any Channel
    private let log: Log

    /// Starts to serve, behind TLS where it is said how.
    public init(
        secured security: NIOSSLContext? = nil, _ respond: @escaping @Sendable (Request) -> Reply
    ) async throws {
        let log = Log()
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                log.addConnection()
                return channel.eventLoop.makeCompletedFuture {
                    if let security {
                        try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: security))
                    }
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Responder(respond, log))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = channel.localAddress?.port ?? 0
        self.log = log
    }

    /// How many connections there were.
    public var connectionCount: Int { log.state.connectionCount }
    /// What was asked.
    public var requests: [Request] { log.state.requests }
    /// How many bytes of bodies were sent.
    public var bytesSent: Int { log.state.bytesSent }

    deinit { channel.close(promise: nil) }
}

/// What happened at a server, of which connections tell.
final class Log: Sendable {
    struct State {
        fileprivate(set) var connectionCount = 0
        fileprivate(set) var requests: [Request] = []
        fileprivate(set) var bytesSent = 0
    }

    private let kept = Mutex(State())

    var state: State { kept.withLock { $0 } }
    func addConnection() { kept.withLock { $0.connectionCount += 1 } }
    func add(_ request: Request) { kept.withLock { $0.requests.append(request) } }
    func addBytes(_ count: Int) { kept.withLock { $0.bytesSent += count } }
}
