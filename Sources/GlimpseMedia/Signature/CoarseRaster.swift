/// A 16 × 16 picture in which templates are looked for by their normalised cross-correlation.
struct CoarseRaster {
    /// The levels along each axis.
    static let side = 16
    /// Rows of 16 levels and 16 zeros, so that 16 numbers can be read from any column.
    private static let stride = 2 * side
    /// A template with less variance fits everywhere and says nothing.
    private static let leastVariance: Float = 4

    /// The levels without their mean, [side, stride].
    private let levels: [Float]
    /// The levels, and their squares, summed from the upper left corner, [side + 1, side + 1].
    private let sums: [SIMD2<Float>]

    /// Takes levels [side, side].
    init(_ values: [Float]) {
        let mean = values.reduce(0, +) / Float(values.count)
        var levels = [Float](repeating: 0, count: Self.side * Self.stride)
        var sums = [SIMD2<Float>](repeating: SIMD2(), count: (Self.side + 1) * (Self.side + 1))
        for row in 0..<Self.side {
            var line = SIMD2<Float>()
            for column in 0..<Self.side {
                let level = values[row * Self.side + column] - mean
                levels[row * Self.stride + column] = level
                line += SIMD2(level, level * level)
                let corner = row * (Self.side + 1) + column + 1
                sums[corner + Self.side + 1] = sums[corner] + line
            }
        }
        self.levels = levels
        self.sums = sums
    }

    /// Where a template of `columns` × `rows` correlates most; nil when it is plain.
    func best(
        for template: [Float], columns: Int, rows: Int
    ) -> (correlation: Float, row: Int, column: Int)? {
        let count = Float(columns * rows)
        let mean = template.reduce(0, +) / count
        var squares: Float = 0
        let lines = (0..<rows).map { row in
            var line = SIMD16<Float>()
            for column in 0..<columns {
                line[column] = template[row * columns + column] - mean
                squares += line[column] * line[column]
            }
            return line
        }
        guard squares > Self.leastVariance * count else { return nil }
        var best: (correlation: Float, row: Int, column: Int)?
        levels.withUnsafeBytes { levels in
            for top in 0...Self.side - rows {
                for left in 0...Self.side - columns {
                    let sums = sums(top: top, left: left, columns: columns, rows: rows)
                    let variance = sums.y - sums.x * sums.x / count
                    guard variance > Self.leastVariance * count else { continue }
                    // Where the template has ended its lines are zero, and what is read there does not count.
                    var products = SIMD16<Float>()
                    for row in 0..<rows {
                        let offset = MemoryLayout<Float>.stride * ((top + row) * Self.stride + left)
                        products += levels.loadUnaligned(fromByteOffset: offset, as: SIMD16<Float>.self) * lines[row]
                    }
                    let correlation = products.sum() / (variance * squares).squareRoot()
                    if correlation > best?.correlation ?? 0 { best = (correlation, top, left) }
                }
            }
        }
        return best
    }

    /// The sum of a window's levels, and that of their squares.
    private func sums(top: Int, left: Int, columns: Int, rows: Int) -> SIMD2<Float> {
        let upper = top * (Self.side + 1) + left
        let lower = upper + rows * (Self.side + 1)
        return sums[lower + columns] - sums[lower] - sums[upper + columns] + sums[upper]
    }
}
