internal import CKernels
public import Foundation

/// What a forward pass runs on: the kernels of an instruction set, a team of threads, and memory that is used again.
///
/// Ops are methods of it, one file an op. Many threads may share one; those that index a folder use one each, with one thread.
public final class Compute: Sendable {
    /// The instruction set of the kernels, as people call it: `avx2`, `avx512`, `neon`, `portable` and the like.
    public var instructionSet: String { String(cString: kernels.name) }
    /// How many threads work on one op.
    public var threadCount: Int { team.count }
    /// Where the memory of results comes from.
    public let pool: BufferPool

    let kernels: ck_kernels
    let team: ThreadTeam
    private let readingOrder = ReadingOrder()

    /// Chooses the fastest kernels of this processor.
    ///
    /// - Parameter threads: how many threads work on one op; by default one a core.
    public convenience init(threads: Int = ProcessInfo.processInfo.activeProcessorCount) {
        self.init(threads: threads, kernels: ck_kernels_best().pointee)
    }

    /// The plain C kernels, which every other instruction set is held against.
    public static func portable(threads: Int = 1) -> Compute {
        Compute(threads: threads, kernels: ck_kernels_for(CK_ISA_PORTABLE).pointee)
    }

    private init(threads: Int, kernels: ck_kernels) {
        self.kernels = kernels
        self.team = ThreadTeam(count: max(1, threads))
        self.pool = BufferPool()
    }

    /// What is probably read after these weights, which are read now; nil where that is not known.
    func next(after weights: PackedMatrix) -> ReadingOrder.Reading? {
        readingOrder.next(after: ReadingOrder.Reading(weights))
    }

    /// A new tensor in pooled memory.
    func tensor(_ shape: Shape, filledBy fill: (UnsafeMutablePointer<Float>) -> Void) -> Tensor {
        Tensor(shape: shape, pool: pool, filledBy: fill)
    }

    /// Memory of `count` floats for each worker, for as long as an op takes.
    func scratch(_ count: Int) -> WorkerScratch {
        WorkerScratch(count: count, workers: team.count, pool: pool)
    }

    /// Splits `count` rows in even pieces, a few for each thread, and runs them on the team.
    func overRows(_ count: Int, atLeast grain: Int, _ body: (_ rows: Range<Int>, _ worker: Int) -> Void) {
        let pieces = max(1, min((count + grain - 1) / grain, team.count * 8))
        guard pieces > 1, team.count > 1 else { return body(0..<count, 0) }
        team.run(pieces) { piece, worker in
            body((count * piece / pieces)..<(count * (piece + 1) / pieces), worker)
        }
    }
}
