internal import GlimpseTensor

/// A stack of transformer blocks.
///
/// x: [S, D] → [S, D].
struct Transformer: Sendable {
    let configuration: TransformerConfiguration
    private let blocks: [TransformerBlock]

    /// - Parameter scope: what holds the blocks by their numbers.
    init(
        _ configuration: TransformerConfiguration, _ scope: WeightScope, keys: TransformerKeys, on compute: Compute
    ) throws {
        self.configuration = configuration
        blocks = try (0..<configuration.layerCount).map { index in
            try TransformerBlock(configuration, scope.scope("\(index)"), keys: keys, on: compute)
        }
    }

    func callAsFunction(_ x: Tensor, _ sequences: PackedSequences, causal: Bool, on compute: Compute) -> Tensor {
        blocks.reduce(x) { x, block in block(x, sequences, causal: causal, on: compute) }
    }

    /// The stack where one token of each sequence is asked for, which the last block spares most of its work.
    ///
    /// - Parameter tokens: a row of each sequence.
    /// - Returns: [B, D].
    func callAsFunction(
        _ x: Tensor, _ sequences: PackedSequences, causal: Bool, tokens: [Int], on compute: Compute
    ) -> Tensor {
        // A token that does not see the whole sequence has fewer keys than the others.
        let seesAll = !causal || zip(tokens, sequences.sequences).allSatisfy { $0 == $1[$1.count - 1] }
        guard seesAll, let last = blocks.last else {
            return compute.rows(self(x, sequences, causal: causal, on: compute), tokens)
        }
        let mixed = blocks.dropLast().reduce(x) { x, block in
            block(x, sequences, causal: causal, on: compute)
        }
        return last(mixed, sequences, tokens: tokens, on: compute)
    }

    /// The stack with an attention of its own in every block: [S, 3 · D] → [S, D].
    func callAsFunction(_ x: Tensor, on compute: Compute, attention: (Tensor) -> Tensor) -> Tensor {
        blocks.reduce(x) { x, block in block(x, on: compute, attention: attention) }
    }
}
