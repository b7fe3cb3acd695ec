internal import GlimpseTensor

/// One block, normalised before each half: x += attention(norm(x)); x += perceptron(norm(x)).
///
/// x: [S, D] → [S, D]. Vaswani et al., "Attention Is All You Need", 2017; pre-normalised as in GPT-2.
///
/// A class, so that going through the blocks of a network does not count references to each of their weights.
final class TransformerBlock: Sendable {
    private let headCount: Int
    private let activation: Activation
    private let attentionNorm: LayerNorm
    private let projections: Linear
    /// The projections taken apart; nil where they cannot be.
    private let parts: (queries: Linear, keysValues: Linear)?
    private let attentionOutput: Linear
    private let perceptronNorm: LayerNorm
    private let perceptronInput: Linear
    private let perceptronOutput: Linear

    init(
        _ configuration: TransformerConfiguration, _ scope: WeightScope, keys: TransformerKeys, on compute: Compute
    ) throws {
        let width = configuration.width
        headCount = configuration.headCount
        activation = configuration.activation
        attentionNorm = try LayerNorm(
            scope.scope(keys.attentionNorm), width: width, epsilon: configuration.epsilon)
        projections = try Linear(projections: keys.projections, scope, width: width, on: compute)
        parts =
            if let queries = projections.outputs(0..<width), let rest = projections.outputs(width..<(3 * width)) {
                (queries, rest)
            } else {
                nil
            }
        attentionOutput = try Linear(
            scope.scope(keys.attentionOutput), inputs: width, outputs: width, scale: scope, keys.attentionScale,
            on: compute)
        perceptronNorm = try LayerNorm(
            scope.scope(keys.perceptronNorm), width: width, epsilon: configuration.epsilon)
        perceptronInput = try Linear(
            scope.scope(keys.perceptronInput), inputs: width, outputs: configuration.hiddenWidth, on: compute)
        perceptronOutput = try Linear(
            scope.scope(keys.perceptronOutput), inputs: configuration.hiddenWidth, outputs: width, scale: scope,
            keys.perceptronScale, on: compute)
    }

    /// - Parameters:
    ///   - x: [S, D].
    ///   - sequences: of different length.
    ///   - causal: whether a token sees only those before it and itself.
    func callAsFunction(_ x: Tensor, _ sequences: PackedSequences, causal: Bool, on compute: Compute) -> Tensor {
        callAsFunction(x, on: compute) { projected in
            compute.attention(projected, sequences, headCount: headCount, causal: causal)
        }
    }

    /// The block with an attention of its own: [S, 3 · D] → [S, D].
    func callAsFunction(_ x: Tensor, on compute: Compute, attention: (Tensor) -> Tensor) -> Tensor {
        let mixed = attention(projections(attentionNorm(x, on: compute), on: compute))
        return perceptron(attentionOutput(mixed, residual: x, on: compute), on: compute)
    }

    /// The block for one token of each sequence, which sees all of it: [S, D] → [B, D].
    ///
    /// The others go no further than into keys and values.
    func callAsFunction(_ x: Tensor, _ sequences: PackedSequences, tokens: [Int], on compute: Compute) -> Tensor {
        guard let parts else {
            return compute.rows(self(x, sequences, causal: false, on: compute), tokens)
        }
        let normalized = attentionNorm(x, on: compute)
        let width = x.shape[-1]
        let mixed = compute.attention(
            queries: parts.queries(compute.rows(normalized, tokens), on: compute),
            keysValues: parts.keysValues(normalized, on: compute), width: width, keyColumn: 0, valueColumn: width,
            sequences, headCount: headCount)
        return perceptron(attentionOutput(mixed, residual: compute.rows(x, tokens), on: compute), on: compute)
    }

    private func perceptron(_ attended: Tensor, on compute: Compute) -> Tensor {
        let hidden = perceptronInput(perceptronNorm(attended, on: compute), activation: activation, on: compute)
        return perceptronOutput(hidden, residual: attended, on: compute)
    }
}

extension Linear {
    /// Queries, keys and values as one map: [..., D] → [..., 3 · D].
    init(projections: TransformerKeys.Projections, _ scope: WeightScope, width: Int, on compute: Compute) throws {
        switch projections {
        case .joined(let weight, let bias):
            self.init(
                weights: try scope.matrix(weight, outputs: 3 * width, inputs: width, on: compute),
                bias: try scope.tensor(bias, [3 * width]))
        case .separate(let queries, let keys, let values):
            try self.init(joining: [queries, keys, values].map(scope.scope), scope, width: width, on: compute)
        }
    }

    /// Linear layers [width, width] one beside the other.
    init(joining parts: [WeightScope], _ scope: WeightScope, width: Int, on compute: Compute) throws {
        let weights = try scope.matrix(
            "queries, keys, values", outputs: parts.count * width, inputs: width, on: compute
        ) {
            Tensor(joining: try parts.map { try $0.tensor("weight", [width, width]) })
        }
        self.init(weights: weights, bias: Tensor(joining: try parts.map { try $0.tensor("bias", [width]) }))
    }

    /// A linear layer whose outputs are multiplied by the factors called `scaleName`, where the checkpoint has them; they go into its
    /// weights.
    init(
        _ scope: WeightScope, inputs: Int, outputs: Int, scale scaleScope: WeightScope, _ scaleName: String,
        on compute: Compute
    ) throws {
        guard let scale = try scaleScope.optionalFlatTensor(scaleName, count: outputs) else {
            try self.init(scope, inputs: inputs, outputs: outputs, on: compute)
            return
        }
        let weights = try scope.matrix("weight", outputs: outputs, inputs: inputs, on: compute) {
            try scope.tensor("weight", [outputs, inputs]).multiplyingRows(by: scale)
        }
        self.init(weights: weights, bias: try scope.tensor("bias", [outputs]).multiplyingRows(by: scale))
    }
}
