import Synchronization

/// How much waits for all models together, for those who ask before they read a request.
final class Backlog: Sendable {
    /// From so many on nothing more is taken.
    let limit: Int
    private let waiting = Atomic<Int>(0)
    private let running = Atomic<Int>(0)
    private let unanswered = Atomic<Int>(0)

    /// So many requests more than fit may be on their way to the line or from it: not each of them will stand in it.
    private static let margin = 16

    init(limit: Int) {
        self.limit = limit
    }

    /// Whether a request that comes now would be turned away.
    ///
    /// Requests take a while from where they are read to the line; in a storm many would set out before the line is full, and be turned away
    /// at its end, where that costs most.
    var isFull: Bool {
        let underway = unanswered.load(ordering: .relaxed) - running.load(ordering: .relaxed)
        return waitingCount >= limit || underway >= limit + Self.margin
    }

    /// How many inputs wait.
    var waitingCount: Int { waiting.load(ordering: .relaxed) }

    /// Counts a request that has come and will ask an engine.
    func begin() { unanswered.add(1, ordering: .relaxed) }

    /// Ends a `begin`: the request is answered, or nobody waits for it any more.
    func end() { unanswered.subtract(1, ordering: .relaxed) }

    /// The part of one engine, which alone sets it.
    func share() -> Share { Share(self) }

    /// The part of one engine.
    final class Share: Sendable {
        private let whole: Backlog
        private let waiting = Atomic<Int>(0)
        private let running = Atomic<Int>(0)

        fileprivate init(_ whole: Backlog) {
            self.whole = whole
        }

        /// Says how many inputs wait for this engine now, and how many are in its batches.
        func set(waiting: Int, running: Int) {
            whole.waiting.add(waiting - self.waiting.exchange(waiting, ordering: .relaxed), ordering: .relaxed)
            whole.running.add(running - self.running.exchange(running, ordering: .relaxed), ordering: .relaxed)
        }

        deinit { set(waiting: 0, running: 0) }
    }
}
