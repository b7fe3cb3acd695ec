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

    private struct Entry {
        let reading: Reading
        /// Which entry was read after it.
        var following: Int?
    }

    /// What is read as foreseen is not looked up: that would take longer than all else that is done here.
    private struct State {
        var entries: [Entry] = []
        var places: [Reading: Int] = [:]
        var last: Int?

        mutating func place(of reading: Reading) -> Int {
            let foreseen = last.flatMap { entries[$0].following }
            if let foreseen, entries[foreseen].reading == reading { return foreseen }
            if let known = places[reading] { return known }
            if entries.count >= ReadingOrder.limit { self = State() }
            places[reading] = entries.count
            entries.append(Entry(reading: reading, following: nil))
            return entries.count - 1
        }
    }

    private let state = Mutex(State())
    /// More than models of a process have; those of models that are gone are not kept for ever.
    private static let limit = 10_000

    package init() {}

    /// Notes that weights are read now, and gives what was read after them the last time; nil where that is not known.
    package func next(after weights: Reading) -> Reading? {
        state.withLock { state in
            let place = state.place(of: weights)
            if let last = state.last { state.entries[last].following = place }
            state.last = place
            return state.entries[place].following.map { state.entries[$0].reading }
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
