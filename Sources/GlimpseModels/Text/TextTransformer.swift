internal import GlimpseTensor

/// CLIP's text transformer: token ids to one vector a text.
///
/// Radford et al., "Learning Transferable Visual Models From Natural Language Supervision", 2021; the variants are those of open_clip and
/// SigLIP. Texts of different length are packed without padding, and what causal ones have in common is computed once; where a model
/// was trained to see its padding, they are padded.
struct TextTransformer: TextTower {
    private let configuration: TextTransformerConfiguration
    private let tokens: Tensor
    private let positions: Tensor
    private let transformer: Transformer
    private let finalNorm: LayerNorm
    private let projection: Projection

    init(
        _ configuration: TextTransformerConfiguration, _ scope: WeightScope, keys: TextTransformerKeys,
        on compute: Compute
    ) throws {
        self.configuration = configuration
        let width = configuration.transformer.width
        tokens = try scope.table(keys.tokens, [configuration.vocabularySize, width])
        positions = try scope.tensor(keys.positions, [configuration.contextLength, width])
        transformer = try Transformer(
            configuration.transformer, scope.scope(keys.blocks), keys: keys.block, on: compute)
        finalNorm = try LayerNorm(
            scope.scope(keys.finalNorm), width: width, epsilon: configuration.transformer.epsilon)
        projection = try Projection(
            keys.projection, scope, inputs: width, outputs: configuration.embeddingDimension, on: compute)
    }

    func callAsFunction(_ sequences: [[Int32]], on compute: Compute) -> Tensor {
        let texts = sequences.map(configuration.prepared)
        let packed = PackedTexts(texts, sharesBeginnings: configuration.isCausal)
        let x = compute.gather(tokens, packed.ids, adding: positions, packed.positions)
        let pooled = zip(packed.sequences, texts).map { $0[configuration.pooledPosition(in: $1)] }
        let tokens = transformer(
            x, PackedSequences(packed.sequences), causal: configuration.isCausal, tokens: pooled, on: compute)
        return projection(finalNorm(tokens, on: compute), on: compute)
    }
}
