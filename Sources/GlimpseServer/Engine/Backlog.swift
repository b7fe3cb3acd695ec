import Synchronization

/// How many inputs wait for all models together, for those who ask before they read a request.
final class Backlog: Sendable {
    /// From so many on nothing more is taken.
    let limit: Int
    private let count = Atomic<Int>(0)

    init(limit: Int) {
        self.limit = limit
    }

    /// Whether a request that comes now would be turned away.
    var isFull: Bool { waitingCount >= limit }

    /// How many wait.
    var waitingCount: Int { count.load(ordering: .relaxed) }

    /// The part of one engine, which alone sets it.
    func share() -> Share { Share(self) }

    /// The part of one engine.
    final class Share: Sendable {
        private let whole: Backlog
        private let count = Atomic<Int>(0)

        fileprivate init(_ whole: Backlog) {
            self.whole = whole
        }

        /// Says how many wait for this engine now.
        func set(_ new: Int) {
            let old = count.exchange(new, ordering: .relaxed)
            whole.count.add(new - old, ordering: .relaxed)
        }

        deinit { set(0) }
    }
}
