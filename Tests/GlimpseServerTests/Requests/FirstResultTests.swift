import GlimpseServer
import Testing

/// Of work, time and what else may end it, the first counts, and the others are not waited for.
@Suite(.timeLimit(.minutes(1)))
struct FirstResultTests {
    private struct Late: Error {}
    private struct Failure: Error {}

    private static var never: ContinuousClock.Instant { .now + .seconds(10_000) }

    @Test func workThatEndsInTimeCounts() async throws {
        #expect(try await FirstResult<Int>().ofWork(until: Self.never, otherwise: Late()) { 7 } == 7)
        await #expect(throws: Failure.self) {
            try await FirstResult<Int>().ofWork(until: Self.never, otherwise: Late()) { throw Failure() }
        }
    }

    /// Work that cannot be cancelled goes on for as long as it wants to; whoever waits does not.
    @Test func workThatDoesNotStopIsNotWaitedFor() async throws {
        let (gate, opener) = AsyncStream.makeStream(of: Void.self)
        let (ends, ended) = AsyncStream.makeStream(of: Void.self)
        await #expect(throws: Late.self) {
            try await FirstResult<Int>().ofWork(until: .now + .milliseconds(20), otherwise: Late()) {
                // A task of its own is not cancelled with the one that waits for it.
                await Task { for await _ in gate { break } }.value
                ended.yield()
                return 7
            }
        }
        opener.yield()
        for await _ in ends { break }
    }

    @Test func whatIsSetBeforeCounts() async throws {
        let result = FirstResult<Int>()
        result.set(.success(1))
        result.set(.success(2))
        #expect(try await result.ofWork(until: Self.never, otherwise: Late()) { 7 } == 1)
    }

    @Test func whoeverIsCancelledDoesNotWait() async throws {
        let task = Task {
            try await FirstResult<Int>().ofWork(until: Self.never, otherwise: Late()) {
                try await Task.sleep(for: .seconds(10_000))
                return 7
            }
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
