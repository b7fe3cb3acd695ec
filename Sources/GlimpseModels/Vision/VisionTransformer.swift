internal import GlimpseTensor

/// A vision transformer: pictures cut in squares, each square a token.
///
/// Dosovitskiy et al., "An Image is Worth 16x16 Words", 2020; the variants are those of CLIP, open_clip, SigLIP and
/// MobileCLIP.
struct VisionTransformer: ImageTower {
    private let patches: PatchEmbedding
    private let classToken: Tensor?
    private let positions: Tensor
    private let inputNorm: LayerNorm?
    private let transformer: Transformer
    private let pooling: VisionPooling
    private let projection: Projection

    init(
        _ configuration: VisionTransformerConfiguration, _ scope: WeightScope, keys: VisionTransformerKeys,
        on compute: Compute
    ) throws {
        let width = configuration.transformer.width
        patches = try PatchEmbedding(configuration, scope, keys: keys, on: compute)
        let hasClassToken = configuration.hasClassToken
        classToken = hasClassToken ? try scope.flatTensor(keys.classToken, count: width) : nil
        let rows = configuration.patchCount + (hasClassToken && configuration.hasClassPosition ? 1 : 0)
        let stored = try scope.flatTensor(keys.positions, count: rows * width).reshaped(to: [rows, width])
        positions =
            hasClassToken && !configuration.hasClassPosition
            ? Tensor(joining: [Tensor(shape: [1, width], scalars: Array(repeating: 0, count: width)), stored])
            : stored
        inputNorm =
            configuration.hasInputNorm
            ? try LayerNorm(scope.scope(keys.inputNorm), width: width, epsilon: configuration.transformer.epsilon)
            : nil
        transformer = try Transformer(
            configuration.transformer, scope.scope(keys.blocks), keys: keys.block, on: compute)
        pooling = try VisionPooling(configuration, scope, keys: keys, on: compute)
        projection = try Projection(
            keys.projection, scope, inputs: configuration.pooledWidth, outputs: configuration.embeddingDimension,
            on: compute)
    }

    func callAsFunction(_ pictures: Tensor, on compute: Compute) -> Tensor {
        var x = compute.sequences(patches(pictures, on: compute), classToken: classToken, positions: positions)
        if let inputNorm { x = inputNorm(x, on: compute) }
        let offsets = (0...pictures.shape[0]).map { $0 * positions.shape[0] }
        return projection(pooling(transformer, of: x, offsets: offsets, on: compute), on: compute)
    }
}
