internal import CKernels
internal import Synchronization

/// A few threads that run the pieces of one job together.
///
/// Workers stay awake for a moment after a job, so that the ops of one forward pass find them ready.
/// One job runs at a time: a second caller waits for the first.
public final class ThreadTeam: Sendable {
    /// Invariant of the unchecked conformance: the C team is only touched under the mutex, or in `deinit`.
    private struct Handle: @unchecked Sendable {
        let team: OpaquePointer?
    }

    /// What the threads borrow: read from a place in memory, the closure would be retained and released by all of them for every piece.
    private final class Job {
        let body: (_ index: Int, _ worker: Int) -> Void

        init(body: @escaping (_ index: Int, _ worker: Int) -> Void) {
            self.body = body
        }
    }

    private let handle: Mutex<Handle>
    /// How many threads work together, the caller among them.
    public let count: Int

    /// Starts a team of `count` threads, the caller being one; where the system gives no threads the caller works alone.
    public init(count: Int) {
        let team = count > 1 ? ck_team_create(count) : nil
        self.count = team == nil ? 1 : count
        self.handle = Mutex(Handle(team: team))
    }

    deinit {
        handle.withLock { if let team = $0.team { ck_team_destroy(team) } }
    }

    /// Which of `count` indices a thread has first, in order, before it takes what others have left.
    package func share(of worker: Int, in count: Int) -> Range<Int> {
        ck_team_share_start(count, self.count, worker)..<ck_team_share_start(count, self.count, worker + 1)
    }

    /// Calls `body(index, worker)` for every index below `count` and returns when all have ended.
    ///
    /// Calls run at the same time on different threads, so `body` must write only what belongs to its index, or scratch
    /// memory that belongs to its worker. `body` must not call `run` itself.
    ///
    /// - Parameter next: what is read after this job: threads that wait fetch the beginning of their share of it.
    func run(_ count: Int, next: ReadingOrder.Reading? = nil, _ body: (_ index: Int, _ worker: Int) -> Void) {
        // A caller alone, or a job of one piece, needs no team and waits for nobody.
        guard self.count > 1, count > 1 else {
            for index in 0..<count { body(index, 0) }
            return
        }
        handle.withLock { handle in
            guard let team = handle.team else { return }
            if let next { ck_team_expect(team, next.hint) }
            withoutActuallyEscaping(body) { body in
                let job = Unmanaged.passRetained(Job(body: body))
                defer { job.release() }
                ck_team_run(
                    team, count,
                    { job, index, worker in
                        guard let job else { return }
                        Unmanaged<Job>.fromOpaque(job)._withUnsafeGuaranteedRef { $0.body(index, worker) }
                    }, job.toOpaque())
            }
        }
    }
}
