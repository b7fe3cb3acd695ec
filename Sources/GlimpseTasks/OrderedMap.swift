/// Transforms elements at the same time and passes the results on in the order of the elements.
///
/// At most four elements a worker are under way or waiting for their turn, so memory does not grow with the input.
///
/// - Parameters:
///   - elements: pulled one at a time, as workers become free.
///   - workerCount: how many transformations run at the same time, at least one.
///   - transform: runs on any thread.
///   - emit: called with each result, in order, never by two threads at once.
/// - Throws: what `transform` or `emit` throws first; the rest is abandoned. `CancellationError` when the task is cancelled.
public func orderedMap<Elements: Sequence, Result: Sendable>(
    _ elements: Elements, workerCount: Int, transform: @escaping @Sendable (Elements.Element) async throws -> Result,
    emit: (Result) throws -> Void
) async throws where Elements.Element: Sendable {
    precondition(workerCount > 0, "orderedMap: \(workerCount) workers")
    try await withThrowingTaskGroup(of: (Int, Result).self) { group in
        var iterator = elements.makeIterator()
        var started = 0
        var emitted = 0
        var waiting: [Int: Result] = [:]
        func start() {
            guard let element = iterator.next() else { return }
            let index = started
            started += 1
            group.addTask {
                try Task.checkCancellation()
                return (index, try await transform(element))
            }
        }
        for _ in 0..<workerCount { start() }
        while let (index, result) = try await group.next() {
            waiting[index] = result
            while let next = waiting.removeValue(forKey: emitted) {
                try emit(next)
                emitted += 1
            }
            while started - emitted - waiting.count < workerCount, started - emitted < workerCount * 4 {
                let before = started
                start()
                if started == before { break }
            }
        }
    }
}
