internal import Dispatch
internal import Synchronization

/// Runs two pieces of work at the same time and waits for both: for work of milliseconds, on a thread that may block.
///
/// - Throws: what `first` throws, or else what `second` throws.
func concurrently<First: Sendable, Second: Sendable>(
    _ first: @Sendable () throws -> First, _ second: @Sendable () throws -> Second
) throws -> (First, Second) {
    let firstResult = Mutex<Result<First, any Error>?>(nil)
    let secondResult = Mutex<Result<Second, any Error>?>(nil)
    DispatchQueue.concurrentPerform(iterations: 2) { index in
        if index == 0 {
            let result = Result { try first() }
            firstResult.withLock { $0 = result }
        } else {
            let result = Result { try second() }
            secondResult.withLock { $0 = result }
        }
    }
    guard let first = firstResult.withLock({ $0 }), let second = secondResult.withLock({ $0 }) else {
        preconditionFailure("concurrently: work that did not run")
    }
    return (try first.get(), try second.get())
}
