internal import GlimpseTensor

/// CLIP's pooling of a residual network: the mean of all pixels attends to them and to itself.
///
/// x: [B, Y, X, D] → [B, E].
struct MeanQueryPooling: Sendable {
    private let headCount: Int
    private let width: Int
    /// [1 + Y · X, D], the mean's first.
    private let positions: Tensor
    private let queries: Linear
    private let keysValues: Linear
    private let output: Linear

    init(_ configuration: ModifiedResNetConfiguration, _ scope: WeightScope, on compute: Compute) throws {
        let width = configuration.pooledWidth
        self.width = width
        headCount = configuration.headCount
        positions = try scope.tensor("positional_embedding", [configuration.pooledPixelCount + 1, width])
        queries = try Linear(scope.scope("q_proj"), inputs: width, outputs: width, on: compute)
        let (keys, values) = (scope.scope("k_proj"), scope.scope("v_proj"))
        keysValues = Linear(
            weights: Tensor(
                joining: [try keys.tensor("weight", [width, width]), try values.tensor("weight", [width, width])]),
            bias: Tensor(joining: [try keys.tensor("bias", [width]), try values.tensor("bias", [width])]), on: compute)
        output = try Linear(
            scope.scope("c_proj"), inputs: width, outputs: configuration.embeddingDimension, on: compute)
    }

    func callAsFunction(_ x: Tensor, on compute: Compute) -> Tensor {
        let tokens = compute.sequences(x, classToken: compute.meanOverPixels(x), positions: positions)
        let offsets = (0...x.shape[0]).map { $0 * positions.shape[0] }
        let means = compute.rows(tokens, offsets.dropLast())
        let mixed = compute.attention(
            queries: queries(means, on: compute), keysValues: keysValues(tokens, on: compute), width: width,
            keyColumn: 0, valueColumn: width, PackedSequences(offsets: offsets), headCount: headCount)
        return output(mixed, on: compute)
    }
}
