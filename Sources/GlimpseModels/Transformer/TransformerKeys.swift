/// What a library calls the weights of a transformer block, below the block's own prefix.
struct TransformerKeys: Hashable, Sendable {
    /// How the projections to queries, keys and values are stored.
    enum Projections: Hashable, Sendable {
        /// One matrix [3 · D, D] and one bias, by their whole names.
        case joined(weight: String, bias: String)
        /// Three linear layers.
        case separate(queries: String, keys: String, values: String)
    }

    let attentionNorm: String
    let projections: Projections
    let attentionOutput: String
    let perceptronNorm: String
    let perceptronInput: String
    let perceptronOutput: String
    /// Factors of the two branches, where a checkpoint has them.
    let attentionScale: String
    let perceptronScale: String

    /// transformers' CLIP and SigLIP.
    static let huggingFace = TransformerKeys(
        attentionNorm: "layer_norm1",
        projections: .separate(queries: "self_attn.q_proj", keys: "self_attn.k_proj", values: "self_attn.v_proj"),
        attentionOutput: "self_attn.out_proj", perceptronNorm: "layer_norm2", perceptronInput: "mlp.fc1",
        perceptronOutput: "mlp.fc2", attentionScale: "layer_scale1", perceptronScale: "layer_scale2")

    /// OpenAI's CLIP and open_clip.
    static let openCLIP = TransformerKeys(
        attentionNorm: "ln_1", projections: .joined(weight: "attn.in_proj_weight", bias: "attn.in_proj_bias"),
        attentionOutput: "attn.out_proj", perceptronNorm: "ln_2", perceptronInput: "mlp.c_fc",
        perceptronOutput: "mlp.c_proj", attentionScale: "ls_1.gamma", perceptronScale: "ls_2.gamma")

    /// timm's vision transformers.
    static let timm = TransformerKeys(
        attentionNorm: "norm1", projections: .joined(weight: "attn.qkv.weight", bias: "attn.qkv.bias"),
        attentionOutput: "attn.proj", perceptronNorm: "norm2", perceptronInput: "mlp.fc1", perceptronOutput: "mlp.fc2",
        attentionScale: "ls1.gamma", perceptronScale: "ls2.gamma")
}
