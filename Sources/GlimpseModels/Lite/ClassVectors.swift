internal import GlimpseTensor

/// The thousand classes of ImageNet as points among sentences.
///
/// A class is the sentence embeddings of its names in a template, the usual name counting most, and at falling weight what it is a kind
/// of: a picture of a tabby is then also a little of a picture of a cat and of an animal.
struct ClassVectors: Sendable {
    /// [classes, D], rows of length 1, seen from their common middle.
    let vectors: Tensor
    /// The middle of the sentences that name classes, which texts are seen from, [D].
    let center: Tensor

    private static let hypernymWeight: Float = 0.3
    private static let hypernymDecay: Float = 0.6

    /// Embeds every name of every class.
    ///
    /// - Parameters:
    ///   - embed: sentence embeddings of length 1, [N, D] for N texts.
    init(_ classes: [ImageNetClass], embed: ([String]) -> Tensor) {
        let lemmas = Array(Set(classes.flatMap { $0.lemmas + $0.hypernyms.flatMap(\.self) })).sorted()
        let bare = embed(lemmas)
        let inTemplate = embed(lemmas.map(Self.template))
        let width = bare.shape[1]
        let rows = Dictionary(uniqueKeysWithValues: lemmas.enumerated().map { ($1, inTemplate.row($0)) })

        func add(_ lemma: String, _ weight: Float, to sum: inout [Float]) {
            guard let row = rows[lemma] else { return }
            for column in 0..<width { sum[column] += weight * row[column] }
        }
        let raw = classes.map { imageNetClass in
            var sum = [Float](repeating: 0, count: width)
            let total = (1...imageNetClass.lemmas.count).reduce(0) { $0 + 1 / Float($1) }
            for (place, lemma) in imageNetClass.lemmas.enumerated() {
                add(lemma, 1 / Float(place + 1) / total, to: &sum)
            }
            var weight = Self.hypernymWeight
            for level in imageNetClass.hypernyms {
                for lemma in level { add(lemma, weight / Float(level.count), to: &sum) }
                weight *= Self.hypernymDecay
            }
            return sum.normalized()
        }
        let middle = Self.mean(raw, width: width)
        vectors = Tensor(
            shape: [classes.count, width],
            scalars: raw.flatMap { row in zip(row, middle).map { $0 - $1 }.normalized() })
        let sentences = (0..<lemmas.count).flatMap { [bare.row($0), inTemplate.row($0)] }
        center = Tensor(shape: [width], scalars: Self.mean(sentences, width: width))
    }

    /// The template of the reference zero-shot protocol.
    static func template(_ lemma: String) -> String { "a photo of a \(lemma)" }

    private static func mean(_ rows: [[Float]], width: Int) -> [Float] {
        var sum = [Double](repeating: 0, count: width)
        for row in rows { for column in 0..<width { sum[column] += Double(row[column]) } }
        return sum.map { Float($0 / Double(rows.count)) }
    }
}
