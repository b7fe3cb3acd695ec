internal import Dispatch
internal import Synchronization

/// Runs two pieces of work at the same time and waits for both: for work of milliseconds, on a thread that may block.
///
/// The second has a queue of its own, so that the threads all queues share are free for what it shares out itself.
///
/// - Throws: what `first` throws, or else what `second` throws.
func concurrently<First, Second: Sendable>(
    _ first: () throws -> First, _ second: @escaping @Sendable () throws -> Second
) throws -> (First, Second) {
    let secondResult = Outcome<Second>()
    let end = DispatchSemaphore(value: 0)
    DispatchQueue(label: "glimpse.concurrently").async {
        let result = Result { try second() }
        secondResult.value.withLock { $0 = result }
        end.signal()
    }
    let firstResult = Result { try first() }
    end.wait()
    guard let second = secondResult.value.withLock({ $0 }) else {
        preconditionFailure("concurrently: work that did not run")
    }
    return (try firstResult.get(), try second.get())
}

private final class Outcome<Success: Sendable>: Sendable {
    let value = Mutex<Result<Success, any Error>?>(nil)
}
