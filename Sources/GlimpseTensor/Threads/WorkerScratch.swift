/// Memory that each worker of a team writes for itself, on cache lines of its own.
struct WorkerScratch: Sendable {
    private let storage: TensorStorage
    private let stride: Int

    /// Uninitialised memory for `count` floats a worker.
    init(count: Int, workers: Int, pool: BufferPool) {
        stride = Self.wholeLines(count)
        storage = TensorStorage(count: stride * workers, pool: pool)
    }

    /// A worker's memory, 64-byte aligned.
    subscript(worker: Int) -> UnsafeMutablePointer<Float> { storage.pointer + worker * stride }

    /// A number of floats rounded up to cache lines of 16.
    static func wholeLines(_ count: Int) -> Int { (count + 15) / 16 * 16 }
}
