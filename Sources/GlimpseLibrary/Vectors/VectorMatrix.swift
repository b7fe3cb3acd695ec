import CKernels
import Foundation
import Synchronization

/// All vectors of a model in one version, ready to be scanned.
struct VectorMatrix: Sendable {
    /// The rows of a piece of work: small enough to share fairly, large enough not to be felt.
    private static let pieceRowCount = 4096
    /// Two threads reach the bandwidth of memory; more would only take cores from others.
    private static let threadCount = 2

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
    /// - Complexity: O(rows · dimension): every vector is compared.
    func best(for query: [Float], limit: Int) -> [(contentID: Int64, score: Float)] {
        let scores = scores(for: query)
        guard !scores.isEmpty else { return [] }
        var best = BestRows(capacity: min(limit, scores.count))
        for (row, score) in scores.enumerated() { best.offer(row: row, score: score) }
        return best.sorted.map { (contentID(ofRow: $0.row), $0.score) }
    }

    /// The dot product of every row with `query`, [count].
    func scores(for query: [Float]) -> [Float] {
        precondition(query.count == dimension, "VectorMatrix: a query of \(query.count) for dimension \(dimension)")
        let pieces = pieces
        return [Float](unsafeUninitializedCapacity: count) { scores, initializedCount in
            // Each piece writes rows of its own.
            nonisolated(unsafe) let output = scores.baseAddress
            let next = Atomic<Int>(0)
            DispatchQueue.concurrentPerform(iterations: min(Self.threadCount, pieces.count)) { _ in
                while true {
                    let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
                    guard index < pieces.count else { return }
                    score(pieces[index], query, into: output)
                }
            }
            initializedCount = count
        }
    }

    private struct Piece {
        let segment: VectorSegment
        let rows: Range<Int>
        /// The number of the segment's first row in the matrix.
        let firstRow: Int
    }

    private var pieces: [Piece] {
        var pieces: [Piece] = []
        var firstRow = 0
        for segment in segments {
            for start in stride(from: 0, to: segment.count, by: Self.pieceRowCount) {
                let rows = start..<min(start + Self.pieceRowCount, segment.count)
                pieces.append(Piece(segment: segment, rows: rows, firstRow: firstRow))
            }
            firstRow += segment.count
        }
        return pieces
    }

    private func score(_ piece: Piece, _ query: [Float], into scores: UnsafeMutablePointer<Float>?) {
        guard let output = scores?.advanced(by: piece.firstRow) else { return }
        ck_kernels_best().pointee.dot_rows(
            piece.segment.rows, VectorSegment.stride(ofDimension: dimension), dimension, query, output,
            piece.rows.lowerBound, piece.rows.upperBound)
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
