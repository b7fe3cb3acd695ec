/// How well two small pictures agree, whatever their brightness and contrast.
public struct SignatureAgreement: Sendable, Hashable {
    /// The correlation of the luma, −1…1.
    public let correlation: Float
    /// The share of the levels that agree, 0…1, once brightness and contrast are fitted to most of them: a logo disturbs a few and
    /// leaves the others as they were, another picture disturbs most.
    public let agreeingShare: Float
    /// The correlation of those that agree, −1…1; where they are a plain background it is low.
    public let agreeingCorrelation: Float
    /// The share of the places with an edge or texture in either picture where the gradients agree, 0…1: two things before the same
    /// background have much in common, but not this.
    public let agreeingDetail: Float

    /// Levels agree when they differ by no more than this part of the standard deviation, but always by so many levels.
    private static let tolerance: Float = 0.25
    private static let leastTolerance: Float = 4
    /// The fit is repeated so many times without the levels that lie off it by more than so many standard errors.
    private static let rounds = 4
    private static let outlier: Float = 1.5
    /// A gradient is detail from so many levels a place on, or this part of the standard deviation.
    private static let leastGradient: Float = 3
    private static let gradient: Float = 0.1
    /// Gradients agree when they differ by no more than this part of the larger one.
    private static let gradientTolerance: Float = 0.5
    /// Fewer places with detail than this tell nothing.
    private static let leastDetailCount = 16
    /// Where the lumas correlate less, nothing can be fitted.
    private static let leastCorrelation: Float = 0.3

    /// Compares levels [rows, columns], `a(i)` with `b(i)`.
    @inline(__always)
    init(columns: Int, rows: Int, _ a: (Int) -> Float, _ b: (Int) -> Float) {
        let count = columns * rows
        let all = LevelStatistics(count: count, a, b) { _, _ in true }
        correlation = all.correlation
        guard all.correlation > Self.leastCorrelation else {
            (agreeingShare, agreeingCorrelation, agreeingDetail) = (0, 0, 0)
            return
        }
        var fit = all.fit
        for _ in 0..<Self.rounds {
            let limit = Self.outlier * fit.error
            fit = LevelStatistics(count: count, a, b) { abs(fit.residual($0, $1)) <= limit }.fit
        }
        let tolerance = max(Self.leastTolerance, Self.tolerance * all.deviationB)
        let agreeing = LevelStatistics(count: count, a, b) { abs(fit.residual($0, $1)) <= tolerance }
        agreeingShare = agreeing.count / Float(count)
        agreeingCorrelation = agreeing.correlation
        let leastGradient = max(Self.leastGradient, Self.gradient * all.deviationB)
        var (detailed, alike) = (0, 0)
        for row in 0..<rows - 1 {
            for index in row * columns..<(row + 1) * columns - 1 {
                let (cornerA, cornerB) = (a(index), b(index))
                let gradientA = SIMD2(a(index + 1) - cornerA, a(index + columns) - cornerA) * fit.slope
                let gradientB = SIMD2(b(index + 1) - cornerB, b(index + columns) - cornerB)
                let larger = max((gradientA * gradientA).sum(), (gradientB * gradientB).sum())
                guard larger >= leastGradient * leastGradient else { continue }
                detailed += 1
                let difference = gradientA - gradientB
                if (difference * difference).sum() <= Self.gradientTolerance * Self.gradientTolerance * larger {
                    alike += 1
                }
            }
        }
        agreeingDetail = detailed < Self.leastDetailCount ? 1 : Float(alike) / Float(detailed)
    }
}

/// Means and variances of pairs of levels.
private struct LevelStatistics {
    /// The line that fits best: b ≈ slope · a + offset.
    struct Fit {
        let slope: Float
        let offset: Float
        /// The standard error, in levels.
        let error: Float

        func residual(_ a: Float, _ b: Float) -> Float { b - slope * a - offset }
    }

    /// Added to both variances: rounding to levels and noise are no structure that could disagree.
    private static let noiseVariance: Float = 2

    /// How many pairs were taken.
    let count: Float
    private let meanA: Float
    private let meanB: Float
    private let varianceA: Float
    private let varianceB: Float
    private let covariance: Float

    @inline(__always)
    init(count: Int, _ a: (Int) -> Float, _ b: (Int) -> Float, where isTaken: (Float, Float) -> Bool) {
        var (taken, sumA, sumB): (Float, Float, Float) = (0, 0, 0)
        var (squaresA, squaresB, products): (Float, Float, Float) = (0, 0, 0)
        for index in 0..<count {
            let (x, y) = (a(index), b(index))
            guard isTaken(x, y) else { continue }
            taken += 1
            sumA += x
            sumB += y
            squaresA += x * x
            squaresB += y * y
            products += x * y
        }
        let scale = 1 / max(1, taken)
        self.count = taken
        meanA = sumA * scale
        meanB = sumB * scale
        varianceA = max(0, squaresA * scale - meanA * meanA) + Self.noiseVariance
        varianceB = max(0, squaresB * scale - meanB * meanB) + Self.noiseVariance
        covariance = products * scale - meanA * meanB + Self.noiseVariance
    }

    var correlation: Float { covariance / (varianceA * varianceB).squareRoot() }
    var deviationB: Float { varianceB.squareRoot() }

    var fit: Fit {
        let slope = covariance / varianceA
        let error = max(Self.noiseVariance, varianceB - slope * covariance).squareRoot()
        return Fit(slope: slope, offset: meanB - slope * meanA, error: error)
    }
}

extension PictureSignature {
    /// How well this picture, turned upright from an orientation, agrees with the whole of another.
    public func agreement(
        with other: PictureSignature, uprightFrom orientation: Orientation = .up
    ) -> SignatureAgreement {
        let walk = orientation.walk(width: Self.side, height: Self.side)
        return bytes.withUnsafeBufferPointer { mine in
            other.bytes.withUnsafeBufferPointer { others in
                SignatureAgreement(
                    columns: Self.side, rows: Self.side,
                    { index in
                        let (y, x) = (index / Self.side, index % Self.side)
                        return Float(mine[walk.start + x * walk.stepX + y * walk.stepY])
                    },
                    { Float(others[$0]) })
            }
        }
    }

    /// The mean difference of the chroma to another picture's in levels, 0 where one of the two is grey; brightness aside.
    public func chromaDifference(
        to other: PictureSignature, uprightFrom orientation: Orientation = .up
    ) -> Float {
        if isGray || other.isGray { return 0 }
        let walk = orientation.walk(width: Self.chromaSide, height: Self.chromaSide)
        var sum = 0
        for plane in [Self.lumaCount, Self.lumaCount + Self.chromaCount] {
            for index in 0..<Self.chromaCount {
                let (y, x) = (index / Self.chromaSide, index % Self.chromaSide)
                let mine = bytes[plane + walk.start + x * walk.stepX + y * walk.stepY]
                sum += abs(Int(mine) - Int(other.bytes[plane + index]))
            }
        }
        return Float(sum) / Float(2 * Self.chromaCount)
    }

    /// The mean luma, 0…255.
    public var meanLuma: Float {
        Float(bytes[..<Self.lumaCount].reduce(0) { $0 + Int($1) }) / Float(Self.lumaCount)
    }
}
