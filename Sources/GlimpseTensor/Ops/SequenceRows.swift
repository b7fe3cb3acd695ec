/// Which rows of a tensor are those of one sequence: rows of its beginning that are another's, and then its own.
///
/// Sequences of different length are packed one after the other, without padding. Where those that begin alike share the rows of their
/// beginnings, these are computed once.
public struct SequenceRows: Hashable, Sendable {
    /// The rows of its beginning that are other sequences' own.
    public let shared: [Int]
    /// The rows of its own, one after the other.
    public let own: Range<Int>

    /// Joins a shared beginning and what comes after it.
    public init(shared: [Int] = [], own: Range<Int>) {
        self.shared = shared
        self.own = own
    }

    /// How many rows it has.
    public var count: Int { shared.count + own.count }

    /// The row of a position below `count`.
    public subscript(position: Int) -> Int {
        position < shared.count ? shared[position] : own.lowerBound + position - shared.count
    }
}
