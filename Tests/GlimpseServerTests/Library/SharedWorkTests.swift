import GlimpseServer
import Synchronization
import Testing

/// Work is done once for all who wait, and for nobody not at all.
@Suite(.timeLimit(.minutes(1)))
struct SharedWorkTests {
    private let work = SharedWork<String, Int>()
    private let gate: AsyncStream<Void>
    private let opener: AsyncStream<Void>.Continuation

    init() { (gate, opener) = AsyncStream.makeStream() }

    /// Ends when the gate is opened, or when it is cancelled.
    private func wait() async throws {
        for await _ in gate { break }
        try Task.checkCancellation()
    }

    /// Begins to wait for `key`, and returns when it is waited for.
    private func waiter(_ key: String, _ count: Counter) async -> Task<Int, any Error> {
        let waiting = await work.waiterCount
        let task = Task {
            try await work.value(key) {
                count.addStart()
                try await wait()
                return 7
            }
        }
        while await work.waiterCount == waiting { await Task.yield() }
        return task
    }

    private final class Counter: Sendable {
        private let number = Mutex(0)
        var starts: Int { number.withLock { $0 } }
        func addStart() { number.withLock { $0 += 1 } }
    }

    @Test func isDoneOnceForAllWhoWait() async throws {
        let count = Counter()
        let (first, second) = (await waiter("a", count), await waiter("a", count))
        opener.yield()
        #expect(try await (first.value, second.value) == (7, 7))
        #expect(count.starts == 1)
        let third = await waiter("a", count)
        opener.yield()
        #expect(try await third.value == 7)
        #expect(count.starts == 2)
    }

    @Test func isCancelledWhenTheLastHasGone() async throws {
        let count = Counter()
        let task = await waiter("a", count)
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func goesOnForThoseWhoStay() async throws {
        let count = Counter()
        let (first, second) = (await waiter("a", count), await waiter("a", count))
        first.cancel()
        while await work.waiterCount == 2 { await Task.yield() }
        opener.yield()
        #expect(try await second.value == 7)
        #expect(count.starts == 1)
    }

    @Test func failuresReachAllAndAreNotKept() async throws {
        struct Failure: Error {}
        await #expect(throws: Failure.self) { try await work.value("a") { throw Failure() } }
        #expect(try await work.value("a") { 1 } == 1)
    }
}
