import Foundation
import GlimpseTasks
import Synchronization
import Testing

/// Transforming at the same time, passing on in order.
struct OrderedMapTests {
    private struct Failure: Error, Equatable { let element: Int }

    /// How much is pulled, running and passed on.
    private struct Counts {
        var pulled = 0, running = 0, emitted = 0, mostRunning = 0, mostUnderWay = 0
    }

    @Test(arguments: [1, 2, 5])
    func keepsTheOrder(workerCount: Int) async throws {
        var results: [Int] = []
        try await orderedMap(0..<100, workerCount: workerCount) { element in
            // The earlier of two neighbours takes longer.
            try await Task.sleep(for: .microseconds(element.isMultiple(of: 2) ? 2000 : 100))
            return element * 10
        } emit: {
            results.append($0)
        }
        #expect(results == (0..<100).map { $0 * 10 })
    }

    @Test func nothingGivesNothing() async throws {
        try await orderedMap([Int](), workerCount: 3) {
            $0
        } emit: {
            Issue.record("\($0) came from nothing")
        }
    }

    @Test func withoutWorkersNothingIsBegun() async {
        await #expect(processExitsWith: .failure) {
            try await orderedMap(0..<1, workerCount: 0) {
                $0
            } emit: { _ in
            }
        }
    }

    @Test func whatIsUnderWayIsBounded() async throws {
        let counts = Mutex(Counts())
        let elements = sequence(state: 0) { (next: inout Int) -> Int? in
            guard next < 200 else { return nil }
            defer { next += 1 }
            counts.withLock { counts in
                counts.pulled += 1
                counts.mostUnderWay = max(counts.mostUnderWay, counts.pulled - counts.emitted)
            }
            return next
        }
        try await orderedMap(elements, workerCount: 3) { element in
            counts.withLock { counts in
                counts.running += 1
                counts.mostRunning = max(counts.mostRunning, counts.running)
            }
            // All others have to wait for the first of every fifty.
            if element.isMultiple(of: 50) { try await Task.sleep(for: .milliseconds(20)) }
            counts.withLock { $0.running -= 1 }
        } emit: {
            counts.withLock { $0.emitted += 1 }
        }
        let end = counts.withLock(\.self)
        #expect(end.pulled == 200 && end.emitted == 200)
        #expect(end.mostRunning <= 3)
        #expect(end.mostUnderWay <= 12, "four for each worker")
    }

    @Test func anErrorOfTheTransformationEndsIt() async {
        var results: [Int] = []
        await #expect(throws: Failure(element: 20)) {
            try await orderedMap(0..<1_000_000, workerCount: 2) { element in
                if element == 20 { throw Failure(element: element) }
                return element
            } emit: {
                results.append($0)
            }
        }
        #expect(results == Array(0..<results.count) && results.count <= 20)
    }

    @Test func anErrorOfTheReceiverEndsIt() async {
        var results: [Int] = []
        await #expect(throws: Failure(element: 7)) {
            try await orderedMap(0..<1_000_000, workerCount: 2) {
                $0
            } emit: { element in
                if element == 7 { throw Failure(element: element) }
                results.append(element)
            }
        }
        #expect(results == Array(0..<7))
    }

    @Test func cancellationEndsIt() async {
        let (started, continuation) = AsyncStream.makeStream(of: Void.self)
        let task = Task {
            try await orderedMap(0..<1_000_000_000, workerCount: 2) {
                $0
            } emit: { _ in
                continuation.yield()
            }
        }
        for await _ in started { break }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
