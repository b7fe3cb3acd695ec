internal import GlimpseTensor

/// The multilingual text tower of open_clip's XLM-RoBERTa models: the encoder, the mean over its tokens, and a map to the common space.
///
/// Conneau et al., "Unsupervised Cross-lingual Representation Learning at Scale", 2020; open_clip's `HFTextEncoder`.
struct XLMRobertaTower: TextTower {
    /// How the pooled vector becomes an embedding.
    enum Head: Hashable, Sendable {
        /// Two linear layers without biases, GELU between them.
        case perceptron
        /// One linear layer without a bias.
        case linear
    }

    /// Which vector stands for a text.
    enum Pooling: Hashable, Sendable {
        case mean
        case firstToken
    }

    private let encoder: BertEncoder
    private let pooling: Pooling
    private let input: Linear
    private let output: Linear?

    /// - Parameter scope: "text.".
    init(
        _ configuration: BertConfiguration, _ scope: WeightScope, head: Head, pooling: Pooling,
        embeddingDimension: Int, on compute: Compute
    ) throws {
        encoder = try BertEncoder(configuration, scope.scope("transformer"), on: compute)
        self.pooling = pooling
        let width = configuration.width
        switch head {
        case .linear:
            input = Linear(
                weights: try scope.matrix("proj.weight", outputs: embeddingDimension, inputs: width, on: compute),
                bias: nil)
            output = nil
        case .perceptron:
            let hidden = (width + embeddingDimension) / 2
            input = Linear(
                weights: try scope.matrix("proj.0.weight", outputs: hidden, inputs: width, on: compute), bias: nil)
            output = Linear(
                weights: try scope.matrix(
                    "proj.2.weight", outputs: embeddingDimension, inputs: hidden, on: compute), bias: nil)
        }
    }

    func callAsFunction(_ sequences: [[Int32]], on compute: Compute) -> Tensor {
        let (tokens, offsets) = encoder.tokens(sequences, on: compute)
        let pooled =
            switch pooling {
            case .mean: compute.meanOverSequences(tokens, offsets: offsets)
            case .firstToken: compute.rows(tokens, offsets.dropLast())
            }
        guard let output else { return input(pooled, on: compute) }
        return output(input(pooled, activation: .gelu, on: compute), on: compute)
    }
}
