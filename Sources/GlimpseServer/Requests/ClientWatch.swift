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
        let work = Task {
            do {
                outcome.set(.success(try await body()))
            } catch {
                outcome.set(.failure(error))
            }
        }
        let timer = Task {
            try await Task.sleep(until: deadline, clock: .continuous)
            outcome.set(.failure(ServerError.deadlineExceeded))
        }
        let key = ObjectIdentifier(channel)
        endings.withLock { $0[key] = { outcome.set(.failure(ClientIsGone())) } }
        // It may have gone before anybody listened.
        if !channel.isActive { outcome.set(.failure(ClientIsGone())) }
        defer {
            endings.withLock { $0[key] = nil }
            timer.cancel()
            work.cancel()
        }
        return try await withTaskCancellationHandler {
            try await outcome.value()
        } onCancel: {
            outcome.set(.failure(CancellationError()))
        }
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

/// The first of several results; later ones are dropped.
private final class FirstResult<Value: Sendable>: Sendable {
    private enum State {
        case empty
        case awaited(CheckedContinuation<Value, any Error>)
        case known(Result<Value, any Error>)
    }

    private let state = Mutex(State.empty)

    func set(_ result: Result<Value, any Error>) {
        let waiting = state.withLock { state -> CheckedContinuation<Value, any Error>? in
            switch state {
            case .empty:
                state = .known(result)
                return nil
            case .awaited(let continuation):
                state = .known(result)
                return continuation
            case .known: return nil
            }
        }
        waiting?.resume(with: result)
    }

    /// Waits for the result. May be called once.
    func value() async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let known = state.withLock { state -> Result<Value, any Error>? in
                if case .known(let result) = state { return result }
                state = .awaited(continuation)
                return nil
            }
            if let known { continuation.resume(with: known) }
        }
    }
}
