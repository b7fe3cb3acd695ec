/// The luma of a signature, summed from the upper left corner: the mean of any rectangle in constant time.
///
/// F. Crow, "Summed-area tables for texture mapping", 1984; between the levels sums are interpolated, which is exact for levels
/// that are squares of one value.
struct SummedLuma {
    private static let side = PictureSignature.side
    private static let stride = side + 1

    /// S[y, x] = Σ of the levels above y and left of x, [33, 33].
    private let sums: [Float]

    init(_ signature: PictureSignature) {
        var sums = [Float](repeating: 0, count: Self.stride * Self.stride)
        for y in 0..<Self.side {
            var line: Float = 0
            for x in 0..<Self.side {
                line += Float(signature.bytes[y * Self.side + x])
                sums[(y + 1) * Self.stride + x + 1] = sums[y * Self.stride + x + 1] + line
            }
        }
        self.sums = sums
    }

    /// The means of the `columns` × `rows` equal boxes of a rectangle, [rows, columns].
    func means(of region: PictureRegion, columns: Int, rows: Int) -> [Float] {
        let xs = (0...columns).map { Position(region.x + region.width * Float($0) / Float(columns)) }
        let ys = (0...rows).map { Position(region.y + region.height * Float($0) / Float(rows)) }
        let scale = Float(columns * rows) / (region.area * Float(Self.side * Self.side))
        return [Float](unsafeUninitializedCapacity: columns * rows) { output, count in
            var above = xs.map { sum(ys[0], $0) }
            for row in 0..<rows {
                var left = sum(ys[row + 1], xs[0])
                for column in 0..<columns {
                    let right = sum(ys[row + 1], xs[column + 1])
                    output[row * columns + column] = (right - left - above[column + 1] + above[column]) * scale
                    above[column] = left
                    left = right
                }
                above[columns] = left
            }
            count = columns * rows
        }
    }

    /// A place along an axis: after so many whole levels, and a part of the next.
    private struct Position {
        let index: Int
        let fraction: Float

        init(_ part: Float) {
            let place = min(max(part, 0), 1) * Float(SummedLuma.side)
            index = min(Int(place), SummedLuma.side - 1)
            fraction = place - Float(index)
        }
    }

    private func sum(_ y: Position, _ x: Position) -> Float {
        let corner = y.index * Self.stride + x.index
        let upper = sums[corner] + (sums[corner + 1] - sums[corner]) * x.fraction
        let below = corner + Self.stride
        let lower = sums[below] + (sums[below + 1] - sums[below]) * x.fraction
        return upper + (lower - upper) * y.fraction
    }
}
