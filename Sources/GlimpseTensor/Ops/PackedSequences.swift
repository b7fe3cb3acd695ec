/// Sequences of different length as the rows of one tensor: nothing is padded, and no two have a row of their own in common.
///
/// What a pass through a network asks of them again and again is found out once.
public struct PackedSequences: Sendable {
    /// The rows of each sequence.
    public let sequences: [SequenceRows]
    /// S, how many rows they have together.
    public let rowCount: Int
    /// Those that have rows of their own: of sequences that are the same all but one have none.
    let withRows: [SequenceRows]
    /// How many rows of its own the one with the most has.
    let mostOwn: Int
    /// How many rows the longest sees.
    let longest: Int
    /// Whether a sequence sees rows of another.
    let haveShared: Bool

    /// Takes sequences whose own rows are all rows of a tensor, each once.
    ///
    /// - Precondition: they are, and no sequence is without rows.
    /// - Complexity: O(B · log B + Σ shared).
    public init(_ sequences: [SequenceRows]) {
        let withRows = sequences.filter { !$0.own.isEmpty }
        let rowCount = withRows.reduce(0) { $0 + $1.own.count }
        let places = withRows.map(\.own).sorted { $0.lowerBound < $1.lowerBound }
        precondition(
            places.reduce(0) { $0 == $1.lowerBound ? $1.upperBound : -1 } == rowCount,
            "PackedSequences: own rows are not all \(rowCount) rows, each once")
        precondition(
            sequences.allSatisfy { sequence in
                sequence.count > 0 && sequence.shared.allSatisfy { (0..<rowCount).contains($0) }
            }, "PackedSequences: a sequence has no rows, or some that are not among \(rowCount)")
        self.sequences = sequences
        self.rowCount = rowCount
        self.withRows = withRows
        mostOwn = withRows.reduce(0) { max($0, $1.own.count) }
        longest = sequences.reduce(0) { max($0, $1.count) }
        haveShared = sequences.contains { !$0.shared.isEmpty }
    }

    /// Sequences that share nothing, one after the other.
    ///
    /// - Parameter offsets: where each sequence starts, and the end: B + 1 numbers from 0 on.
    /// - Precondition: none is without rows.
    public init(offsets: [Int]) {
        precondition(
            offsets.first == 0 && zip(offsets, offsets.dropFirst()).allSatisfy(<),
            "PackedSequences: offsets \(offsets) do not cut rows in sequences")
        self.init(zip(offsets, offsets.dropFirst()).map { SequenceRows(own: $0..<$1) })
    }
}
