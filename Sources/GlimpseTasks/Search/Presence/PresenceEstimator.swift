internal import Foundation
internal import GlimpseModels

/// Tells how probable it is that a picture shows what a text asks for: cosines rank, and mean something else in every model and for every
/// query, so they are held against what else the library has and what else might be asked.
///
/// A picture's score is d = v·(q − t̄), its cosine with the query less its mean cosine with reference texts, by which pictures that are near
/// every text stand out no more. It counts in deviations σ of what the references score on the library, from the middle m of what the query
/// does: x = (d − m) / σ. The best of many pictures scores high by chance, as √(2 ln N) for N of them, which is taken off. The three
/// numbers of the logistic were fitted with `lite` on photographs with descriptions (`Benchmarks/quality/measure_presence.py`), half of the
/// queries asking for what was there.
struct PresenceEstimator {
    /// Below, what was asked for is more likely not there.
    static let cut: Float = 0.3
    /// How far the list goes on after a first answer that is there.
    static let listCut: Float = 0.15
    /// So many pictures stand for a larger library.
    static let sampleLimit = 512

    private static let intercept: Float = 2.0
    private static let slope: Float = 1.1
    private static let chance: Float = 2.55
    /// The numbers of pictures that the formula was tried on.
    private static let tried: ClosedRange<Double> = 10...1000
    /// A middle of few pictures is drawn to that of the references, as if those were so many more.
    private static let shrinkage: Float = 4

    private let meanReference: [Float]
    /// Pictures of the library, and the mean of the references with each.
    private let sample: [[Float]]
    private let sampleReferences: [Float]
    private let deviation: Float
    private let referenceMedian: Float

    /// - Parameters:
    ///   - references: the texts that a query has to stand out from.
    ///   - sample: vectors of pictures of the library, of the same model.
    init(references: ZeroShotHead, sample: [[Float]]) {
        let dimension = references.model.dimension
        let count = references.labels.count
        var mean = [Float](repeating: 0, count: dimension)
        for label in 0..<count {
            for column in 0..<dimension { mean[column] += references.rows[label * dimension + column] / Float(count) }
        }
        meanReference = mean
        self.sample = sample
        var differences: [Float] = []
        var sampleReferences: [Float] = []
        for picture in sample {
            let cosines = references.cosines(Embedding(normalizing: picture, model: references.model))
            let average = cosines.reduce(0, +) / Float(count)
            sampleReferences.append(average)
            differences += cosines.map { $0 - average }
        }
        self.sampleReferences = sampleReferences
        referenceMedian = differences.median
        deviation = Self.deviation(differences, rows: sample.count, columns: count)
    }

    /// The probability that each of some pictures shows what a query asks for, 0…1.
    ///
    /// - Parameters:
    ///   - query: a text.
    ///   - pictures: of the library.
    ///   - count: how many pictures the best were chosen from.
    func presences(of query: Embedding, in pictures: [Embedding], outOf count: Int) -> [Float] {
        let weight = Float(sample.count - 1)
        let scores = zip(sample, sampleReferences).map { picture, average in Self.dot(picture, query.values) - average }
        let middle = (weight * scores.median + Self.shrinkage * referenceMedian) / (weight + Self.shrinkage)
        let number = min(max(Double(count), Self.tried.lowerBound), Self.tried.upperBound)
        let byChance = Self.chance * Float((2 * log(number)).squareRoot())
        return pictures.map { picture in
            let score = picture.cosine(to: query) - Self.dot(picture.values, meanReference)
            let deviations = deviation > 0 ? (score - middle) / deviation : 0
            return 1 / (1 + exp(-(Self.intercept + Self.slope * deviations - byChance)))
        }
    }

    /// The deviation of the references' scores within each text; of a single picture, between texts.
    private static func deviation(_ scores: [Float], rows: Int, columns: Int) -> Float {
        guard rows > 0, columns > 1 else { return 0 }
        guard rows > 1 else {
            let mean = scores.reduce(0, +) / Float(columns)
            return (scores.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(columns - 1)).squareRoot()
        }
        var sum: Float = 0
        for column in 0..<columns {
            let values = stride(from: column, to: scores.count, by: columns).map { scores[$0] }
            let mean = values.reduce(0, +) / Float(rows)
            sum += values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        }
        return (sum / Float((rows - 1) * (columns - 1))).squareRoot()
    }

    private static func dot(_ a: [Float], _ b: [Float]) -> Float {
        var sum: Float = 0
        for index in a.indices { sum += a[index] * b[index] }
        return sum
    }
}

extension [Float] {
    /// The middle value; 0 of none.
    fileprivate var median: Float {
        guard !isEmpty else { return 0 }
        let sorted = sorted()
        return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2
    }
}
