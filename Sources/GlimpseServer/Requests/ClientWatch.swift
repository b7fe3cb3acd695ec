import NIOCore
import Synchronization

/// Ends the work for clients that are gone, or whose time is over.
///
/// Reading on to notice the end of a connection would cost the connection; a handler in its pipeline is told anyway.
final class ClientWatch: Sendable {
    /// The client closed its connection before it was answered.
    struct ClientIsGone: Error {}

    private let endings = Mutex<[ObjectIdentifier: @Sendable () -> Void]>([:])

    /// Runs `body` as long as the client is there and the deadline is not over; then the task is cancelled and not waited for.
    ///
    /// - Throws: what `body` throws; `ServerError` `deadlineExceeded`; `ClientIsGone`.
    func serving<Value: Sendable>(
        _ channel: any Channel, until deadline: ContinuousClock.Instant,
        _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let outcome = FirstResult<Value>()
        let key = ObjectIdentifier(channel)
        endings.withLock { $0[key] = { outcome.set(.failure(ClientIsGone())) } }
        defer { endings.withLock { $0[key] = nil } }
        // It may have gone before anybody listened.
        if !channel.isActive { outcome.set(.failure(ClientIsGone())) }
        return try await outcome.ofWork(until: deadline, otherwise: ServerError.deadlineExceeded, body)
    }

    fileprivate func leave(_ channel: any Channel) {
        endings.withLock { $0.removeValue(forKey: ObjectIdentifier(channel)) }?()
    }

    /// What tells the watch of the end of a connection.
    func handler() -> any RemovableChannelHandler { Handler(watch: self) }

    private final class Handler: ChannelInboundHandler, RemovableChannelHandler {
        typealias InboundIn = NIOAny

        private let watch: ClientWatch

        init(watch: ClientWatch) {
            self.watch = watch
        }

        func channelInactive(context: ChannelHandlerContext) {
            watch.leave(context.channel)
            context.fireChannelInactive()
        }

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            if case .inputClosed? = event as? ChannelEvent { watch.leave(context.channel) }
            context.fireUserInboundEventTriggered(event)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            watch.leave(context.channel)
            context.fireErrorCaught(error)
        }
    }
}
