import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// A request as a server saw it.
struct Request: Sendable {
    let method: String
    let path: String
    private let headers: HTTPHeaders

    fileprivate init(_ head: HTTPRequestHead) {
        method = head.method.rawValue
        path = head.uri
        headers = head.headers
    }

    /// The value of a header that is sent once; nil without it.
    func header(_ name: String) -> String? {
        headers.first(name: name)
    }
}

/// What a server answers.
struct Reply: Sendable {
    enum Delivery: Sendable {
        /// All at once.
        case whole
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

    var status = 200
    var headers: [(String, String)] = []
    var body: [UInt8] = []
    var delivery = Delivery.whole
}

/// An HTTP server on a port of the loopback interface.
final class LocalServer: Sendable {
    let port: Int
    private let channel: any Channel
    private let counter: Counter

    /// Starts to serve, behind TLS where it is said how.
    init(secured security: NIOSSLContext? = nil, _ respond: @escaping @Sendable (Request) -> Reply) async throws {
        let counter = Counter()
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let security {
                        try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: security))
                    }
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Responder(respond, counter))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = channel.localAddress?.port ?? 0
        self.counter = counter
    }

    /// How many bytes of bodies were sent.
    var bytesSent: Int { counter.value }

    deinit {
        channel.close(promise: nil)
    }
}

/// A number that connections add to.
final class Counter: Sendable {
    private let number = Mutex(0)
    var value: Int { number.withLock { $0 } }
    func add(_ more: Int) { number.withLock { $0 += more } }
}

extension EventLoop {
    /// Does something when something else holds, or after half a minute at the latest.
    fileprivate func run(
        once condition: @escaping @Sendable () -> Bool, looks: Int = 6000, _ action: @escaping @Sendable () -> Void
    ) {
        if looks == 0 || condition() {
            action()
        } else {
            scheduleTask(in: .milliseconds(5)) { self.run(once: condition, looks: looks - 1, action) }
        }
    }
}

private final class Responder: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let respond: @Sendable (Request) -> Reply
    private let counter: Counter
    private var head: HTTPRequestHead?

    init(_ respond: @escaping @Sendable (Request) -> Reply, _ counter: Counter) {
        self.respond = respond
        self.counter = counter
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): self.head = head
        case .body: break
        case .end:
            guard let head else { return }
            answer(respond(Request(head)), context)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func answer(_ reply: Reply, _ context: ChannelHandlerContext) {
        if case .silence = reply.delivery { return }
        var headers = HTTPHeaders(reply.headers)
        if case .endless = reply.delivery {
            headers.replaceOrAdd(name: "Transfer-Encoding", value: "chunked")
        } else if !headers.contains(name: "Content-Length") {
            headers.replaceOrAdd(name: "Content-Length", value: "\(reply.body.count)")
        }
        let head = HTTPResponseHead(
            version: .http1_1, status: HTTPResponseStatus(statusCode: reply.status), headers: headers)
        context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
        switch reply.delivery {
        case .silence: break
        case .whole:
            write(reply.body[...], context)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        case .cut(let count, let condition):
            let channel = context.channel
            write(reply.body.prefix(count), context).whenComplete { _ in
                channel.eventLoop.run(once: condition ?? { true }) { channel.close(promise: nil) }
            }
        case .held(let condition):
            let half = reply.body.count / 2
            write(reply.body.prefix(half), context)
            let (this, bound) = (
                NIOLoopBound(self, eventLoop: context.eventLoop), NIOLoopBound(context, eventLoop: context.eventLoop)
            )
            context.eventLoop.run(once: condition) {
                this.value.write(reply.body.dropFirst(half), bound.value)
                bound.value.writeAndFlush(this.value.wrapOutboundOut(.end(nil)), promise: nil)
            }
        case .trickle(let pieces):
            trickle(
                reply.body[...], max(1, reply.body.count / pieces), NIOLoopBound(context, eventLoop: context.eventLoop))
        case .endless(let limit):
            repeatBody(reply.body, limit, NIOLoopBound(context, eventLoop: context.eventLoop))
        }
    }

    @discardableResult
    private func write(_ bytes: ArraySlice<UInt8>, _ context: ChannelHandlerContext) -> EventLoopFuture<Void> {
        counter.add(bytes.count)
        return context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: bytes)))))
    }

    private func trickle(_ rest: ArraySlice<UInt8>, _ size: Int, _ context: NIOLoopBound<ChannelHandlerContext>) {
        guard context.value.channel.isActive else { return }
        guard !rest.isEmpty else {
            context.value.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            return
        }
        write(rest.prefix(size), context.value)
        let this = NIOLoopBound(self, eventLoop: context.value.eventLoop)
        context.value.eventLoop.scheduleTask(in: .milliseconds(5)) {
            this.value.trickle(rest.dropFirst(size), size, context)
        }
    }

    private func repeatBody(_ body: [UInt8], _ left: Int, _ context: NIOLoopBound<ChannelHandlerContext>) {
        guard context.value.channel.isActive, left > 0 else { return }
        counter.add(body.count)
        let this = NIOLoopBound(self, eventLoop: context.value.eventLoop)
        context.value.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: body))))).whenSuccess {
            this.value.repeatBody(body, left - body.count, context)
        }
    }
}
