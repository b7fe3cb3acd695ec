internal import GlimpseTensor

/// Turns the tokens of each picture into one vector, with the last layer normalisation.
///
/// x: [S, D] → [B, pooledWidth].
enum VisionPooling: Sendable {
    case classToken(LayerNorm)
    case mean(LayerNorm, VisionTransformerConfiguration.FinalNorm, skipsFirst: Bool)
    case attentionHead(LayerNorm, AttentionHead)
    case queries(QueryPooling, LayerNorm)

    init(
        _ configuration: VisionTransformerConfiguration, _ scope: WeightScope, keys: VisionTransformerKeys,
        on compute: Compute
    ) throws {
        let norm = try LayerNorm(
            scope.scope(keys.finalNorm), width: configuration.pooledWidth,
            epsilon: configuration.transformer.epsilon)
        switch configuration.pooling {
        case .classToken:
            // A norm acts on every token by itself: before or after pooling is the same.
            self = .classToken(norm)
        case .mean:
            self = .mean(norm, configuration.finalNorm, skipsFirst: configuration.hasClassToken)
        case .attentionHead:
            let head = try AttentionHead(
                configuration.transformer, scope.scope(keys.pooling),
                keys: keys.block == .timm ? .timm : .huggingFace, on: compute)
            self = .attentionHead(norm, head)
        case .queries(let count, let headCount):
            let pooling = try QueryPooling(
                scope.scope(keys.pooling), inputs: configuration.transformer.width,
                outputs: configuration.pooledWidth, queryCount: count, headCount: headCount,
                epsilon: configuration.transformer.epsilon, on: compute)
            self = .queries(pooling, norm)
        }
    }

    /// Runs the transformer as far as the pooling needs it, and pools.
    func callAsFunction(
        _ transformer: Transformer, of x: Tensor, offsets: [Int], on compute: Compute
    ) -> Tensor {
        func all() -> Tensor { transformer(x, PackedSequences(offsets: offsets), causal: false, on: compute) }
        switch self {
        case .classToken(let norm):
            let tokens = transformer(
                x, PackedSequences(offsets: offsets), causal: false, tokens: offsets.dropLast(), on: compute)
            return norm(tokens, on: compute)
        case .mean(let norm, let place, let skipsFirst):
            let tokens = place == .beforePooling ? norm(all(), on: compute) : all()
            let pooled = mean(tokens, offsets: offsets, skipsFirst: skipsFirst, on: compute)
            return place == .afterPooling ? norm(pooled, on: compute) : pooled
        case .attentionHead(let norm, let head):
            return head(norm(all(), on: compute), offsets: offsets, on: compute)
        case .queries(let pooling, let norm):
            return norm(pooling(all(), offsets: offsets, on: compute), on: compute)
        }
    }

    private func mean(_ x: Tensor, offsets: [Int], skipsFirst: Bool, on compute: Compute) -> Tensor {
        guard skipsFirst else { return compute.meanOverSequences(x, offsets: offsets) }
        let kept = zip(offsets, offsets.dropFirst()).map { Array(($0 + 1)..<$1) }
        let shorter = kept.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }
        return compute.meanOverSequences(compute.rows(x, kept.flatMap(\.self)), offsets: shorter)
    }
}

/// SigLIP's pooling: one learned query attends to all tokens; then x + perceptron(norm(x)).
///
/// x: [S, D] → [B, D].
struct AttentionHead: Sendable {
    /// What a library calls the weights.
    enum Keys: Hashable, Sendable {
        case huggingFace
        case timm
    }

    private let headCount: Int
    private let width: Int
    private let activation: Activation
    /// The learned query, projected, [1, D].
    private let query: Tensor
    private let keysValues: Linear
    private let output: Linear
    private let norm: LayerNorm
    private let perceptronInput: Linear
    private let perceptronOutput: Linear

    init(_ configuration: TransformerConfiguration, _ scope: WeightScope, keys: Keys, on compute: Compute) throws {
        let width = configuration.width
        self.width = width
        headCount = configuration.headCount
        activation = configuration.activation
        let latent: Tensor
        let queryWeights: (Tensor, Tensor)
        let keyValueWeights: (Tensor, Tensor)
        switch keys {
        case .huggingFace:
            latent = try scope.flatTensor("probe", count: width).reshaped(to: [1, width])
            let weight = try scope.tensor("attention.in_proj_weight", [3 * width, width])
            let bias = try scope.tensor("attention.in_proj_bias", [3 * width])
            queryWeights = (weight.firstRows(width), bias.firstRows(width))
            keyValueWeights = (weight.lastRows(2 * width), bias.lastRows(2 * width))
        case .timm:
            latent = try scope.flatTensor("latent", count: width).reshaped(to: [1, width])
            queryWeights = (try scope.tensor("q.weight", [width, width]), try scope.tensor("q.bias", [width]))
            keyValueWeights = (
                try scope.tensor("kv.weight", [2 * width, width]), try scope.tensor("kv.bias", [2 * width])
            )
        }
        // The query is the same for all pictures: it is projected once.
        query = Linear(weights: queryWeights.0, bias: queryWeights.1, on: compute)(latent, on: compute)
        keysValues = Linear(weights: keyValueWeights.0, bias: keyValueWeights.1, on: compute)
        output = try Linear(
            scope.scope(keys == .timm ? "proj" : "attention.out_proj"), inputs: width, outputs: width, on: compute)
        norm = try LayerNorm(
            scope.scope(keys == .timm ? "norm" : "layernorm"), width: width, epsilon: configuration.epsilon)
        perceptronInput = try Linear(
            scope.scope("mlp.fc1"), inputs: width, outputs: configuration.hiddenWidth, on: compute)
        perceptronOutput = try Linear(
            scope.scope("mlp.fc2"), inputs: configuration.hiddenWidth, outputs: width, on: compute)
    }

    func callAsFunction(_ x: Tensor, offsets: [Int], on compute: Compute) -> Tensor {
        let pictures = offsets.count - 1
        let queries = compute.rows(query, Array(repeating: 0, count: pictures))
        let mixed = compute.attention(
            queries: queries, keysValues: keysValues(x, on: compute), width: width, keyColumn: 0, valueColumn: width,
            PackedSequences(offsets: offsets), headCount: headCount)
        let pooled = output(mixed, on: compute)
        let hidden = perceptronInput(norm(pooled, on: compute), activation: activation, on: compute)
        return perceptronOutput(hidden, residual: pooled, on: compute)
    }
}

/// CoCa's pooling, of which embeddings need the first query only: attention of a learned query to the normalised tokens.
///
/// x: [S, D] → [B, E].
struct QueryPooling: Sendable {
    private let headCount: Int
    private let width: Int
    private let inputNorm: LayerNorm
    /// The first learned query, normalised and projected, [1, E].
    private let query: Tensor
    private let keysValues: Linear
    private let output: Linear

    init(
        _ scope: WeightScope, inputs: Int, outputs: Int, queryCount: Int, headCount: Int, epsilon: Float,
        on compute: Compute
    ) throws {
        self.headCount = headCount
        width = outputs
        inputNorm = try LayerNorm(scope.scope("ln_k"), width: inputs, epsilon: epsilon)
        let first = try scope.tensor("query", [queryCount, outputs]).firstRows(1)
        let normalized = try LayerNorm(scope.scope("ln_q"), width: outputs, epsilon: epsilon)(first, on: compute)
        let attention = scope.scope("attn")
        let bias = try attention.tensor("in_proj_bias", [3 * outputs])
        let (queryWeight, keyValueWeight): (Tensor, Tensor)
        if inputs == outputs {
            let joined = try attention.tensor("in_proj_weight", [3 * outputs, outputs])
            (queryWeight, keyValueWeight) = (joined.firstRows(outputs), joined.lastRows(2 * outputs))
        } else {
            queryWeight = try attention.tensor("q_proj_weight", [outputs, outputs])
            keyValueWeight = Tensor(
                joining: [
                    try attention.tensor("k_proj_weight", [outputs, inputs]),
                    try attention.tensor("v_proj_weight", [outputs, inputs]),
                ])
        }
        query = Linear(weights: queryWeight, bias: bias.firstRows(outputs), on: compute)(normalized, on: compute)
        keysValues = Linear(weights: keyValueWeight, bias: bias.lastRows(2 * outputs), on: compute)
        output = try Linear(attention.scope("out_proj"), inputs: outputs, outputs: outputs, on: compute)
    }

    func callAsFunction(_ x: Tensor, offsets: [Int], on compute: Compute) -> Tensor {
        let queries = compute.rows(query, Array(repeating: 0, count: offsets.count - 1))
        let projected = keysValues(inputNorm(x, on: compute), on: compute)
        let mixed = compute.attention(
            queries: queries, keysValues: projected, width: width, keyColumn: 0, valueColumn: width,
            PackedSequences(offsets: offsets), headCount: headCount)
        return output(mixed, on: compute)
    }
}
