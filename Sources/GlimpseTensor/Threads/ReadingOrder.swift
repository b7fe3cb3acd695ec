internal import CKernels
internal import Synchronization

/// Foresees which weights are read next: a network reads them in the same order in every pass.
///
/// Threads whose passes overlap, and models that are gone, make it wrong now and then; then the wrong memory is fetched ahead, which
/// costs a little time.
package final class ReadingOrder: Sendable {
    /// Where weights begin, and how many bytes they are.
    package struct Reading: Hashable, Sendable {
        let address: UInt
        let bytes: Int

        package init(address: UInt, bytes: Int) {
            (self.address, self.bytes) = (address, bytes)
        }
    }

    private struct State {
        var last: Reading?
        var following: [Reading: Reading] = [:]
    }

    private let state = Mutex(State())
    /// More than models of a process have; those of models that are gone are not kept for ever.
    private static let limit = 10_000

    package init() {}

    /// Notes that weights are read now, and gives what was read after them the last time; nil where that is not known.
    package func next(after weights: Reading) -> Reading? {
        state.withLock { state in
            if let last = state.last {
                if state.following.count >= Self.limit { state.following.removeAll() }
                state.following[last] = weights
            }
            state.last = weights
            return state.following[weights]
        }
    }
}

extension ReadingOrder.Reading {
    init(_ weights: PackedMatrix) {
        self.init(
            address: UInt(bitPattern: weights.panels.pointer),
            bytes: weights.panels.count * MemoryLayout<Float>.stride)
    }

    /// Where the share of a thread begins.
    package func start(ofShare worker: Int, of team: ThreadTeam) -> UnsafeRawPointer? {
        UnsafeRawPointer(bitPattern: address + UInt(team.share(of: worker, in: bytes).lowerBound))
    }

    /// As the team of the kernels has it.
    var hint: ck_reading { ck_reading(start: UnsafeRawPointer(bitPattern: address), bytes: bytes) }
}
