import CKernels
import Foundation
import Synchronization

/// One pass over vectors for the rows that have the largest dot product with a query.
///
/// Rows that stand in 8 bits are compared in 8 bits first; those within the margin of the best are then compared exactly.
struct VectorScan {
    /// The rows of a piece of work: small enough to share fairly, large enough not to be felt.
    private static let pieceRowCount = 4096
    /// Two threads reach the bandwidth of memory; more would only take cores from others.
    private static let threadCount = 2
    /// Up to so many selected rows are compared exactly at once.
    private static let fewRows = 16_384

    private let query: [Float]
    private let quantizedQuery: QuantizedQuery?
    private let limit: Int
    private let selection: ContentSelection?

    /// - Parameters:
    ///   - query: [dimension].
    ///   - limit: How many rows are wanted.
    ///   - selection: The contents to look at; nil for all.
    init(query: [Float], limit: Int, selection: ContentSelection?) {
        self.query = query
        self.limit = limit
        self.selection = selection
        let isFew = selection.map { $0.count <= Self.fewRows } ?? false
        quantizedQuery = isFew || !query.allSatisfy(\.isFinite) ? nil : QuantizedQuery(query)
    }

    /// The best rows, the best first, numbered through all segments; of equals the one with the lower number.
    func best(of segments: [VectorSegment]) -> [BestRows.Entry] {
        guard limit > 0, !segments.isEmpty else { return [] }
        let pieces = pieces(of: segments)
        let count = segments.reduce(0) { $0 + $1.count }
        var best = BestRows(capacity: limit)
        let scores = [Float](unsafeUninitializedCapacity: count) { scores, initializedCount in
            best = first(pieces, scores: scores.baseAddress)
            initializedCount = count
        }
        let quantized = pieces.filter { isQuantized($0.segment) }
        guard quantizedQuery != nil, !quantized.isEmpty, let worst = best.sorted.last else { return best.sorted }
        return exact(pieces, scores: scores, worst: worst.score)
    }

    private struct Piece: Sendable {
        let segment: VectorSegment
        let rows: Range<Int>
        /// The number of the segment's first row among all.
        let firstRow: Int
    }

    private func pieces(of segments: [VectorSegment]) -> [Piece] {
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

    private func isQuantized(_ segment: VectorSegment) -> Bool { segment.quantized != nil && quantizedQuery != nil }

    /// Scores every selected row, in 8 bits where they are at hand, and keeps the best by these scores.
    private func first(_ pieces: [Piece], scores: UnsafeMutablePointer<Float>?) -> BestRows {
        guard let scores else { return BestRows(capacity: limit) }
        // Each piece writes rows of its own.
        nonisolated(unsafe) let output = scores
        return gather(pieces) { piece, best in
            for rows in selectedRuns(piece) {
                let first = piece.firstRow + rows.lowerBound
                if let quantizedQuery, let quantized = piece.segment.quantized {
                    score(rows, of: quantized, quantizedQuery, into: output + first)
                } else {
                    score(rows, of: piece.segment, into: output + first)
                }
                for row in first..<first + rows.count { best.offer(row: row, score: output[row]) }
            }
        }
    }

    /// Scores exactly whatever is within the margin of the worst that was kept.
    private func exact(_ pieces: [Piece], scores: [Float], worst: Float) -> [BestRows.Entry] {
        gather(pieces) { piece, best in
            guard let quantizedQuery, let quantized = piece.segment.quantized else {
                for rows in selectedRuns(piece) {
                    for row in rows { best.offer(row: piece.firstRow + row, score: scores[piece.firstRow + row]) }
                }
                return
            }
            let threshold = worst - quantizedQuery.margin(of: quantized, dimension: query.count)
            let stride = VectorSegment.stride(ofDimension: query.count)
            withUnsafeTemporaryAllocation(of: Float.self, capacity: stride) { vector in
                for rows in selectedRuns(piece) {
                    for row in rows where scores[piece.firstRow + row] >= threshold {
                        piece.segment.read(row, into: vector)
                        var exact: Float = 0
                        ck_kernels_best().pointee.dot_rows(vector.baseAddress, stride, query.count, query, &exact, 0, 1)
                        best.offer(row: piece.firstRow + row, score: exact)
                    }
                }
            }
        }.sorted
    }

    /// Runs `body` over the pieces on all threads, each with its own best rows, and joins those.
    private func gather(_ pieces: [Piece], _ body: @Sendable (Piece, inout BestRows) -> Void) -> BestRows {
        let next = Atomic<Int>(0)
        let all = Mutex(BestRows(capacity: limit))
        DispatchQueue.concurrentPerform(iterations: min(Self.threadCount, pieces.count)) { _ in
            var best = BestRows(capacity: limit)
            while true {
                let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard index < pieces.count else { break }
                body(pieces[index], &best)
            }
            let found = best.sorted
            all.withLock { all in
                for entry in found { all.offer(row: entry.row, score: entry.score) }
            }
        }
        return all.withLock { $0 }
    }

    /// The rows of a piece that are looked at, as runs of neighbours.
    private func selectedRuns(_ piece: Piece) -> [Range<Int>] {
        guard let selection else { return [piece.rows] }
        var runs: [Range<Int>] = []
        for row in piece.rows where selection.contains(piece.segment.contentIDs[row]) {
            if let last = runs.last, last.upperBound == row {
                runs[runs.count - 1] = last.lowerBound..<row + 1
            } else {
                runs.append(row..<row + 1)
            }
        }
        return runs
    }

    /// Exact scores, from `scores[0]` on.
    private func score(_ rows: Range<Int>, of segment: VectorSegment, into scores: UnsafeMutablePointer<Float>) {
        let stride = VectorSegment.stride(ofDimension: query.count)
        ck_kernels_best().pointee.dot_rows(
            segment.rows + rows.lowerBound * stride, stride, query.count, query, scores, 0, rows.count)
    }

    /// Scores in 8 bits, from `scores[0]` on.
    private func score(
        _ rows: Range<Int>, of quantized: QuantizedRows, _ query: QuantizedQuery,
        into scores: UnsafeMutablePointer<Float>
    ) {
        withUnsafeTemporaryAllocation(of: Int32.self, capacity: rows.count) { sums in
            let stride = query.integers.count
            ck_kernels_best().pointee.dot_rows_int8(
                quantized.integers + rows.lowerBound * stride, stride, self.query.count, query.integers,
                sums.baseAddress, 0, rows.count)
            for index in 0..<rows.count {
                scores[index] = Float(sums[index]) * (quantized.scales[rows.lowerBound + index] * query.scale)
            }
        }
    }
}
