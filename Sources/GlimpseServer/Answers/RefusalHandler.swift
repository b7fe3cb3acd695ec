import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Turns requests for the engine away while too many wait, before anything else is done for them.
///
/// In a storm most requests are turned away, and what each of them costs is missing from the work on those that were taken on. So they are
/// answered where they are read, on the thread of the connection, with bytes that are made once; no task, no router, no body that is kept.
final class RefusalHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// What comes later closes connections on which it has seen nothing for longer, so now and then it has to see something.
    private static let silence = TimeAmount.seconds(30)

    private let refusals: Refusals
    /// From where on what is written are bytes already.
    private var encoder: ChannelHandlerContext?
    /// Whether the request that was passed on last counts as one that asks an engine.
    private var isCounted = false
    /// Requests that were passed on and are not answered yet: their answers come first.
    private var unansweredCount = 0
    private var isRefusing = false
    private var lastPassed = NIODeadline.now()

    init(_ refusals: Refusals) {
        self.refusals = refusals
    }

    func handlerAdded(context: ChannelHandlerContext) {
        do {
            encoder = try context.pipeline.syncOperations.context(handlerType: HTTPResponseEncoder.self)
        } catch {
            // Nothing can be answered without an encoder. A connection that ends is noticed; one that never refuses would not be.
            context.close(promise: nil)
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        encoder = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let request):
            if let encoder, let answer = refusal(of: request) {
                isRefusing = true
                encoder.writeAndFlush(NIOAny(IOData.byteBuffer(answer)), promise: nil)
                return
            }
            if unansweredCount == 0, refusals.asksEngine(request) {
                isCounted = true
                refusals.backlog.begin()
            }
            unansweredCount += 1
            lastPassed = .now()
        case .body: if isRefusing { return }
        case .end:
            if isRefusing {
                isRefusing = false
                return
            }
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) {
            unansweredCount -= 1
            endCount()
        }
        context.write(data, promise: promise)
    }

    func channelInactive(context: ChannelHandlerContext) {
        endCount()
        context.fireChannelInactive()
    }

    private func endCount() {
        if isCounted { refusals.backlog.end() }
        isCounted = false
    }

    /// The answer that turns a request away; nil for one that goes its usual way, as do the rare ones that end their connections.
    private func refusal(of request: HTTPRequest) -> ByteBuffer? {
        guard unansweredCount == 0, request.headerFields[.connection] == nil || isKeptAlive(request),
            .now() - lastPassed < Self.silence
        else { return nil }
        return refusals.answer(to: request)
    }

    private func isKeptAlive(_ request: HTTPRequest) -> Bool {
        request.headerFields[.connection]?.lowercased() == "keep-alive"
    }
}

/// The answers for requests that find no room, made once.
final class Refusals: Sendable {
    private struct Answer {
        let status: Int
        /// As it goes over the wire.
        let bytes: ByteBuffer
    }

    fileprivate let backlog: Backlog
    private let metrics: ServerMetrics
    /// By method and path.
    private let answers: [String: Answer]

    /// - Parameter routes: those that need the engine, as "POST /path", and how their clients read errors.
    init(routes: [String: ErrorStyle], backlog: Backlog, metrics: ServerMetrics) throws {
        self.backlog = backlog
        self.metrics = metrics
        answers = try routes.mapValues { style in
            var (head, body) = try style.encoded(.overloaded)
            head.headerFields[.contentLength] = String(body.readableBytes)
            head.headerFields.append(contentsOf: ObservationMiddleware.headers)
            let lines = ["HTTP/1.1 \(head.status)"] + head.headerFields.map { "\($0.name): \($0.value)" }
            var bytes = ByteBuffer(string: lines.joined(separator: "\r\n") + "\r\n\r\n")
            bytes.writeBuffer(&body)
            return Answer(status: head.status.code, bytes: bytes)
        }
    }

    /// Whether a request is for one of the routes that ask an engine.
    func asksEngine(_ request: HTTPRequest) -> Bool { answers[Self.route(of: request)] != nil }

    /// The answer that turns a request away; nil while there is room, and for requests that do not need the engine.
    func answer(to request: HTTPRequest) -> ByteBuffer? {
        guard backlog.isFull, let answer = answers[Self.route(of: request)] else { return nil }
        metrics.count(.rejected)
        metrics.record(
            route: Self.path(of: request), method: request.method.rawValue, status: answer.status, .zero)
        return answer.bytes
    }

    private static func path(of request: HTTPRequest) -> String { String(request.path?.prefix { $0 != "?" } ?? "") }

    private static func route(of request: HTTPRequest) -> String { "\(request.method.rawValue) \(path(of: request))" }
}
