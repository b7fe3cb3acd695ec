internal import GlimpseTensor

/// CoCa's text transformer: a class token at the end of the context gathers the text.
///
/// Yu et al., "CoCa: Contrastive Captioners are Image-Text Foundation Models", 2022, as open_clip trains it: its mask of padding is one
/// place late, so the class token sees the text and the first token of padding but, unless the text fills the context, not itself.
struct CoCaTextTransformer: TextTower {
    private let configuration: TextTransformerConfiguration
    private let tokens: Tensor
    /// [contextLength + 1, D].
    private let positions: Tensor
    /// The class token at its position, [1, D].
    private let classRow: Tensor
    private let transformer: Transformer
    private let finalNorm: LayerNorm
    private let projection: Projection

    init(
        _ configuration: TextTransformerConfiguration, _ scope: WeightScope, keys: TextTransformerKeys,
        classToken: String, on compute: Compute
    ) throws {
        self.configuration = configuration
        let width = configuration.transformer.width
        tokens = try scope.table(keys.tokens, [configuration.vocabularySize, width])
        positions = try scope.tensor(keys.positions, [configuration.contextLength + 1, width])
        let token = try scope.flatTensor(classToken, count: width).reshaped(to: [1, width])
        classRow = compute.sum(token, positions.lastRows(1))
        transformer = try Transformer(
            configuration.transformer, scope.scope(keys.blocks), keys: keys.block, on: compute)
        finalNorm = try LayerNorm(
            scope.scope(keys.finalNorm), width: width, epsilon: configuration.transformer.epsilon)
        projection = try Projection(
            keys.projection, scope, inputs: width, outputs: configuration.embeddingDimension, on: compute)
    }

    func callAsFunction(_ sequences: [[Int32]], on compute: Compute) -> Tensor {
        let rows = sequences.map { ids in
            ids.count < configuration.contextLength
                ? classOutput(ids + [configuration.paddingID], seesItself: false, on: compute)
                : classOutput(Array(ids.prefix(configuration.contextLength)), seesItself: true, on: compute)
        }
        return projection(finalNorm(Tensor(joining: rows), on: compute), on: compute)
    }

    /// The class token's vector after the last block, [1, D].
    private func classOutput(_ ids: [Int32], seesItself: Bool, on compute: Compute) -> Tensor {
        let body = compute.gather(tokens, ids.map(Int.init), adding: positions, Array(ids.indices))
        let headCount = configuration.transformer.headCount
        if seesItself {
            let x = Tensor(joining: [body, classRow])
            let mixed = transformer(x, PackedSequences(offsets: [0, ids.count + 1]), causal: true, on: compute)
            return mixed.lastRows(1)
        }
        let width = configuration.transformer.width
        let x = Tensor(joining: [body, classRow])
        let textRows = PackedSequences(offsets: [0, ids.count])
        let mixed = transformer(x, on: compute) { projected in
            let text = projected.firstRows(ids.count)
            let attended = compute.attention(text, textRows, headCount: headCount, causal: true)
            let gathered = compute.attention(
                queries: projected.lastRows(1), keysValues: text, width: width, keyColumn: width,
                valueColumn: 2 * width, textRows, headCount: headCount)
            return Tensor(joining: [attended, gathered])
        }
        return mixed.lastRows(1)
    }
}
