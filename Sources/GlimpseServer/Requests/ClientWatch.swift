import NIOCore
import Synchronization

/// Knows which clients are still there, so that nobody works for one that is gone.
///
/// Reading on to notice the end of a connection would cost the connection; a handler in its pipeline is told anyway.
final class ClientWatch: Sendable {
    private let cancellations = Mutex<[ObjectIdentifier: @Sendable () -> Void]>([:])

    /// Runs `body`, which is cancelled when the client goes.
    func whileConnected<Value: Sendable>(
        _ channel: any Channel, _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let value = Task { try await body() }
        let key = ObjectIdentifier(channel)
        cancellations.withLock { $0[key] = { value.cancel() } }
        defer { cancellations.withLock { $0[key] = nil } }
        return try await withTaskCancellationHandler {
            try await value.value
        } onCancel: {
            value.cancel()
        }
    }

    fileprivate func leave(_ channel: any Channel) {
        cancellations.withLock { $0.removeValue(forKey: ObjectIdentifier(channel)) }?()
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
