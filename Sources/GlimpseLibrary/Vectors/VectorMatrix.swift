import Foundation

/// All vectors of a model in one version, ready to be scanned.
struct VectorMatrix: Sendable {
    let dimension: Int
    let version: VectorVersion
    /// The rows: a large first segment, then ever smaller ones with what came later.
    let segments: [VectorSegment]

    var count: Int { segments.reduce(0) { $0 + $1.count } }
    /// The rows outside the first segment.
    var tailCount: Int { count - (segments.first?.count ?? 0) }

    /// The matrix with newer rows at its end.
    ///
    /// A segment is joined with the one before it once it is no smaller, so that their number grows with the logarithm of
    /// the rows; the first, which may be mapped, is left alone.
    func appending(_ segment: VectorSegment, version: VectorVersion) -> VectorMatrix {
        var segments = segments
        var last = [segment]
        var lastCount = segment.count
        while segments.count > 1, segments[segments.count - 1].count <= lastCount {
            let previous = segments.removeLast()
            last.insert(previous, at: 0)
            lastCount += previous.count
        }
        segments.append(last.count == 1 ? segment : VectorSegment(joining: last, dimension: dimension))
        return VectorMatrix(dimension: dimension, version: version, segments: segments)
    }

    /// The contents whose vectors have the largest dot product with `query`, the largest first, of equals the older.
    ///
    /// - Parameters:
    ///   - query: [dimension].
    ///   - limit: How many are wanted, at least 1.
    ///   - selection: The contents to look at; nil for all.
    /// - Complexity: O(rows · dimension). Of a large file all rows are compared in 8 bits, and those that may be among the best exactly.
    func best(for query: [Float], limit: Int, among selection: ContentSelection? = nil)
        -> [(contentID: Int64, score: Float)]
    {
        precondition(query.count == dimension, "VectorMatrix: a query of \(query.count) for dimension \(dimension)")
        let scan = VectorScan(query: query, limit: min(limit, count), selection: selection)
        return scan.best(of: segments).map { (contentID(ofRow: $0.row), $0.score) }
    }

    /// Copies of so many rows, evenly spread.
    func sample(limit: Int) -> [[Float]] {
        let wanted = min(limit, count)
        return (0..<wanted).map { number in
            var row = number * count / wanted
            var segments = segments[...]
            while let segment = segments.popFirst() {
                if row < segment.count {
                    let start = segment.rows + row * VectorSegment.stride(ofDimension: dimension)
                    return Array(UnsafeBufferPointer(start: start, count: dimension))
                }
                row -= segment.count
            }
            preconditionFailure("VectorMatrix: no row \(number * count / wanted)")
        }
    }

    private func contentID(ofRow row: Int) -> Int64 {
        var row = row
        for segment in segments {
            if row < segment.count { return segment.contentIDs[row] }
            row -= segment.count
        }
        preconditionFailure("VectorMatrix: no row \(row)")
    }
}
