internal import GlimpseTensor

/// A text as its sentence embedding, seen from the middle of all classes; nothing is known of its looks.
struct LiteTextTower: TextTower {
    private let encoder: BertEncoder
    /// What is common to all class vectors, [D].
    private let center: [Float]
    private let appearanceDimension: Int

    init(_ configuration: LiteConfiguration, _ root: WeightReader, on compute: Compute) throws {
        encoder = try BertEncoder(configuration.text, root.scope(LiteWeights.text), on: compute)
        center = try root.scope(LiteWeights.concepts).tensor("center", [configuration.text.width]).scalars
        appearanceDimension = configuration.concepts.appearanceDimension
    }

    func callAsFunction(_ sequences: [[Int32]], on compute: Compute) -> Tensor {
        let sentences = encoder(sequences, on: compute)
        let padding = [Float](repeating: 0, count: appearanceDimension)
        let rows = (0..<sequences.count).flatMap { text in
            zip(sentences.row(text).normalized(), center).map { $0 - $1 }.normalized() + padding
        }
        return Tensor(shape: [sequences.count, center.count + appearanceDimension], scalars: rows)
    }
}
