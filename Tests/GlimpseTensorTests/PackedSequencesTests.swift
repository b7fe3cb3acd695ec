import GlimpseTensor
import Testing

/// Sequences are rows of a tensor, all of them and each once.
struct PackedSequencesTests {
    @Test func rowsMayComeInAnyOrderOfSequences() {
        let sequences = [
            SequenceRows(shared: [0, 1], own: 3..<4), SequenceRows(own: 0..<3),
            SequenceRows(shared: [0, 1, 3], own: 4..<4),
        ]
        let packed = PackedSequences(sequences)
        #expect(packed.sequences == sequences)
        #expect(packed.rowCount == 4)
    }

    @Test func offsetsCutRowsInSequences() {
        let packed = PackedSequences(offsets: [0, 2, 3])
        #expect(packed.sequences == [SequenceRows(own: 0..<2), SequenceRows(own: 2..<3)])
        #expect(packed.rowCount == 3)
        #expect(PackedSequences(offsets: [0]).rowCount == 0)
    }

    @Test func othersAreRefused() async {
        // A gap, a row twice, a row that is nobody's own, a sequence of nothing.
        await #expect(processExitsWith: .failure) {
            _ = PackedSequences([SequenceRows(own: 0..<2), SequenceRows(own: 3..<4)])
        }
        await #expect(processExitsWith: .failure) {
            _ = PackedSequences([SequenceRows(own: 0..<2), SequenceRows(own: 1..<4)])
        }
        await #expect(processExitsWith: .failure) { _ = PackedSequences([SequenceRows(shared: [2], own: 0..<2)]) }
        await #expect(processExitsWith: .failure) {
            _ = PackedSequences([SequenceRows(own: 0..<2), SequenceRows(own: 2..<2)])
        }
        await #expect(processExitsWith: .failure) { _ = PackedSequences(offsets: [0, 2, 2]) }
        await #expect(processExitsWith: .failure) { _ = PackedSequences(offsets: [1, 2]) }
    }
}
