internal import GlimpseTensor

/// What cosines mean among the pictures at hand.
struct CosineScale: Sendable {
    /// The cosine of unrelated pictures.
    let unrelated: Float

    /// So many random pairs are enough: the median's error is far below what a threshold is worth.
    private static let sampleCount = 2048
    /// In a folder with nothing but a single burst the typical pair is no unrelated pair; no model puts those this close.
    private static let range: ClosedRange<Float> = 0...0.6

    /// Takes the median cosine of random pairs for that of unrelated pictures.
    init(samplingFrom rows: EmbeddingRows) {
        guard rows.count > 1 else {
            unrelated = Self.range.lowerBound
            return
        }
        var random = SeededRandom(seed: 1)
        let cosines = (0..<Self.sampleCount).map { _ in
            let first = Int.random(in: 0..<rows.count, using: &random)
            let other = Int.random(in: 0..<rows.count - 1, using: &random)
            return rows.cosine(first, other < first ? other : other + 1)
        }
        let median = cosines.sorted()[Self.sampleCount / 2]
        unrelated = min(max(median, Self.range.lowerBound), Self.range.upperBound)
    }

    /// The part of the way from unrelated, 0, to the same, 1.
    func similarity(ofCosine cosine: Float) -> Float { (cosine - unrelated) / (1 - unrelated) }

    /// The cosine that has a similarity.
    func cosine(ofSimilarity similarity: Float) -> Float { unrelated + similarity * (1 - unrelated) }
}
