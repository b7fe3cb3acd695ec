internal import NIOCore
internal import NIOHTTP1

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

/// Reads requests on one connection and sends what is answered, in the way that is asked for.
final class Responder: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let respond: @Sendable (Request) -> Reply
    private let log: Log
    private var head: HTTPRequestHead?

    init(_ respond: @escaping @Sendable (Request) -> Reply, _ log: Log) {
        self.respond = respond
        self.log = log
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): self.head = head
        case .body: break
        case .end:
            guard let head else { return }
            let request = Request(head)
            log.add(request)
            answer(respond(request), context)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func answer(_ reply: Reply, _ context: ChannelHandlerContext) {
        if case .silence = reply.delivery { return }
        var headers = HTTPHeaders(reply.headers)
        switch reply.delivery {
        case .chunked, .endless: headers.replaceOrAdd(name: "Transfer-Encoding", value: "chunked")
        default:
            if !headers.contains(name: "Content-Length") {
                headers.add(name: "Content-Length", value: "\(reply.body.count)")
            }
        }
        let head = HTTPResponseHead(
            version: .http1_1, status: HTTPResponseStatus(statusCode: reply.status), headers: headers)
        context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
        switch reply.delivery {
        case .silence: break
        case .whole, .chunked:
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
        log.addBytes(bytes.count)
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
        log.addBytes(body.count)
        let this = NIOLoopBound(self, eventLoop: context.value.eventLoop)
        context.value.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: body))))).whenSuccess {
            this.value.repeatBody(body, left - body.count, context)
        }
    }
}
