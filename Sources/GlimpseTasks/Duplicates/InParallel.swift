internal import Dispatch
internal import Synchronization

/// Computes `count` values on several threads, in order: for work of microseconds each that must not be interrupted by a suspension.
func inParallel<Value: Sendable>(
    count: Int, threadCount: Int, _ value: @Sendable (Int) -> Value
) -> [Value] {
    let block = 512
    let blockCount = (count + block - 1) / block
    let next = Atomic<Int>(0)
    let blocks = Mutex([[Value]](repeating: [], count: blockCount))
    DispatchQueue.concurrentPerform(iterations: max(1, min(threadCount, blockCount))) { _ in
        while true {
            let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
            guard index < blockCount else { return }
            let values = (index * block..<min((index + 1) * block, count)).map(value)
            blocks.withLock { $0[index] = values }
        }
    }
    return blocks.withLock { $0.flatMap(\.self) }
}
