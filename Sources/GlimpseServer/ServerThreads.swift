import Foundation
import NIOPosix

/// The threads that work which blocks runs on, each kind on its own, so that what is slow never keeps what is quick waiting.
///
/// Swift's own tasks have a thread a core and must not be blocked at all: connections would stand still.
struct ServerThreads: Sendable {
    /// Decode and embed what clients send; a thread a core.
    let engine: NIOThreadPool
    /// The database and searches.
    let library: NIOThreadPool
    /// Decode whole pictures for people to look at: few, since each may take a gigabyte.
    let pictures: NIOThreadPool
    /// What may take many seconds: heads of labels, duplicates, moving files.
    let slow: NIOThreadPool
    /// Resolve names; nothing can interrupt that.
    let names: NIOThreadPool
    /// Index, one core less than there are.
    let indexing: NIOThreadPool

    /// How many pictures are indexed at the same time.
    let indexingCount: Int

    /// Starts them.
    init(cores: Int) {
        func started(_ count: Int) -> NIOThreadPool {
            let pool = NIOThreadPool(numberOfThreads: count)
            pool.start()
            return pool
        }
        indexingCount = max(1, cores - 1)
        engine = started(cores)
        library = started(max(4, cores))
        pictures = started(2)
        slow = started(2)
        names = started(2)
        indexing = started(indexingCount)
    }

    /// Ends them when what they do is done.
    func shutDown() async {
        for pool in [engine, library, pictures, slow, names, indexing] {
            // An error says that they are stopped already.
            try? await pool.shutdownGracefully()
        }
    }
}

/// Runs tasks on the threads of a pool, and not on those that connections need.
final class PoolExecutor: TaskExecutor {
    private let pool: NIOThreadPool

    init(_ pool: NIOThreadPool) {
        self.pool = pool
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        pool.submit { _ in job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
