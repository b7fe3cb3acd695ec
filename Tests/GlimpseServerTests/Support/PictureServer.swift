import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// What a picture server answers.
struct PictureReply: Sendable {
    enum Delivery: Sendable {
        /// All, with its length.
        case whole
        /// All, without its length.
        case chunked
        /// So many bytes, then the connection is closed although more were announced.
        case cut(after: Int)
        /// Nothing, not even a status.
        case silence
    }

    var status = HTTPResponseStatus.ok
    var location: String?
    var body: [UInt8] = []
    var delivery = Delivery.whole
}

/// A server with pictures on a port of the loopback interface, which counts who comes.
final class PictureServer: Sendable {
    let port: Int
    private let channel: any Channel
    private let log: Log

    /// What happened.
    fileprivate final class Log: Sendable {
        private let state = Mutex<(connections: Int, heads: [HTTPRequestHead])>((0, []))
        var connectionCount: Int { state.withLock { $0.connections } }
        var heads: [HTTPRequestHead] { state.withLock { $0.heads } }
        func addConnection() { state.withLock { $0.connections += 1 } }
        func add(_ head: HTTPRequestHead) { state.withLock { $0.heads.append(head) } }
    }

    /// Starts to serve.
    init(_ respond: @escaping @Sendable (_ path: String) -> PictureReply) async throws {
        let log = Log()
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                log.addConnection()
                return channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Responder(respond, log))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = channel.localAddress?.port ?? 0
        self.log = log
    }

    /// How many connections there were.
    var connectionCount: Int { log.connectionCount }

    /// What was asked.
    var requests: [HTTPRequestHead] { log.heads }

    deinit { channel.close(promise: nil) }

    private final class Responder: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let respond: @Sendable (String) -> PictureReply
        private let log: Log
        private var path: String?

        init(_ respond: @escaping @Sendable (String) -> PictureReply, _ log: Log) {
            self.respond = respond
            self.log = log
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head):
                log.add(head)
                path = head.uri
            case .body: break
            case .end:
                if let path { answer(respond(path), context) }
            }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

        private func answer(_ reply: PictureReply, _ context: ChannelHandlerContext) {
            var headers = HTTPHeaders()
            if let location = reply.location { headers.add(name: "Location", value: location) }
            var bytes = reply.body[...]
            var isCut = false
            switch reply.delivery {
            case .silence: return
            case .chunked: headers.add(name: "Transfer-Encoding", value: "chunked")
            case .whole: headers.add(name: "Content-Length", value: "\(bytes.count)")
            case .cut(let count):
                headers.add(name: "Content-Length", value: "\(bytes.count)")
                bytes = bytes.prefix(count)
                isCut = true
            }
            let head = HTTPResponseHead(version: .http1_1, status: reply.status, headers: headers)
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            let written = context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: bytes)))))
            if isCut {
                let channel = context.channel
                written.whenComplete { _ in channel.close(promise: nil) }
            } else {
                context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            }
        }
    }
}
