internal import Foundation

/// The 8 × 8 lowest frequencies of a 32 × 32 picture: its two-dimensional DCT-II.
///
/// F[v, u] = Σ_y Σ_x f[y, x] · cos(π(2x + 1)u / 64) · cos(π(2y + 1)v / 64), for u, v < 8.
struct LowFrequencies: Sendable {
    /// How many frequencies along each axis.
    static let side = 8

    /// [v] of [u].
    private let rows: [SIMD8<Float>]

    /// cos(π(2x + 1)u / 64), [x] of [u].
    private static let basis: [SIMD8<Float>] = (0..<PictureSignature.side).map { x in
        var values = SIMD8<Float>()
        for u in 0..<side {
            values[u] = Float(cos(Double.pi * Double((2 * x + 1) * u) / Double(2 * PictureSignature.side)))
        }
        return values
    }

    /// Transforms levels [32, 32], of which `levels` holds at least so many.
    init(of levels: [UInt8]) {
        var rows = [SIMD8<Float>](repeating: SIMD8(), count: Self.side)
        let basis = Self.basis
        for y in 0..<PictureSignature.side {
            var line = SIMD8<Float>()
            for x in 0..<PictureSignature.side {
                line += basis[x] * Float(levels[y * PictureSignature.side + x])
            }
            for v in 0..<Self.side { rows[v] += line * basis[y][v] }
        }
        self.rows = rows
    }

    /// The frequencies of the picture turned upright from an orientation, [v · 8 + u].
    ///
    /// Mirroring an axis changes the sign of its odd frequencies, exchanging the axes transposes (the same derivation as PDQ's
    /// dihedral hashes: Meta, "The TMK+PDQF video-hashing algorithm and the PDQ image-hashing algorithm", 2019).
    func upright(from orientation: Orientation) -> [Float] {
        let (mirrorsX, mirrorsY) =
            switch orientation {
            case .up, .leftMirrored: (false, false)
            case .upMirrored, .right: (true, false)
            case .downMirrored, .left: (false, true)
            case .down, .rightMirrored: (true, true)
            }
        var values = [Float](repeating: 0, count: Self.side * Self.side)
        for v in 0..<Self.side {
            for u in 0..<Self.side {
                let value = orientation.swapsSides ? rows[u][v] : rows[v][u]
                let isNegated = (mirrorsX && u % 2 == 1) != (mirrorsY && v % 2 == 1)
                values[v * Self.side + u] = isNegated ? -value : value
            }
        }
        return values
    }
}
