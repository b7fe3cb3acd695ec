import Synchronization
import Testing

import GlimpseTasks

/// How much is decoded at the same time.
struct PixelBudgetTests {
    @Test func noMoreThanTheLimitIsTakenAtOnce() async {
        let budget = PixelBudget(limit: 100)
        let inUse = Usage()
        await withTaskGroup(of: Void.self) { group in
            for index in 0..<200 {
                group.addTask {
                    let count = 1 + index % 60
                    await budget.take(count)
                    inUse.add(count)
                    await Task.yield()
                    inUse.add(-count)
                    await budget.give(count)
                }
            }
        }
        #expect(inUse.state.withLock { $0.most } <= 100)
        #expect(inUse.state.withLock { $0.now } == 0)
    }

    @Test func whatIsLargerThanTheLimitGoesAlone() async {
        let budget = PixelBudget(limit: 10)
        await budget.take(4)
        let large = Task { await budget.take(50) }
        let small = Task { await budget.take(1) }
        await budget.give(4)
        await large.value
        await budget.give(50)
        await small.value
        await budget.give(1)
        await budget.take(10)
    }
}

/// How much is in use, and how much it ever was.
private final class Usage: Sendable {
    let state = Mutex((now: 0, most: 0))

    func add(_ count: Int) {
        state.withLock {
            $0.now += count
            $0.most = max($0.most, $0.now)
        }
    }
}
