import Synchronization

/// The first of several results; later ones are dropped.
package final class FirstResult<Value: Sendable>: Sendable {
    private enum State {
        case empty
        case awaited(CheckedContinuation<Value, any Error>)
        case known(Result<Value, any Error>)
    }

    private let state = Mutex(State.empty)

    package init() {}

    package func set(_ result: Result<Value, any Error>) {
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
    private func value() async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let known = state.withLock { state -> Result<Value, any Error>? in
                if case .known(let result) = state { return result }
                state = .awaited(continuation)
                return nil
            }
            if let known { continuation.resume(with: known) }
        }
    }
    /// What `work` gives or throws, unless something else is set before; after the deadline, an error.
    ///
    /// Then the work is cancelled and not waited for: what blocks a thread, as resolving names does, cannot be stopped. May be called once.
    ///
    /// - Throws: what `work` throws, what is set as a failure, `late` after the deadline, or `CancellationError`.
    package func ofWork(
        until deadline: ContinuousClock.Instant, otherwise late: any Error,
        _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let work = Task {
            do {
                set(.success(try await work()))
            } catch {
                set(.failure(error))
            }
        }
        let timer = Task {
            try await Task.sleep(until: deadline, clock: .continuous)
            set(.failure(late))
        }
        defer {
            timer.cancel()
            work.cancel()
        }
        return try await withTaskCancellationHandler {
            try await value()
        } onCancel: {
            set(.failure(CancellationError()))
        }
    }
}
