package import GlimpseTensor

/// BERT's encoder: token ids to a vector a token, or with mean pooling to one a text.
///
/// Devlin et al., "BERT: Pre-training of Deep Bidirectional Transformers", 2018; pooled as in Reimers and Gurevych, "Sentence-BERT", 2019.
/// RoBERTa's is the same but for where positions begin.
/// Texts of different length are packed one after the other: nothing is padded, and nothing needs a mask.
package struct BertEncoder: Sendable {
    let configuration: BertConfiguration
    private let words: Tensor
    private let positions: Tensor
    private let firstPosition: Int
    private let norm: LayerNorm
    private let layers: [BertLayer]

    /// Reads the weights under the names of Hugging Face's `BertModel`.
    package init(_ configuration: BertConfiguration, _ scope: WeightScope, on compute: Compute) throws {
        self.configuration = configuration
        let width = configuration.width
        let embeddings = scope.scope("embeddings")
        words = try embeddings.scope("word_embeddings").table("weight", [configuration.vocabularySize, width])
        let types = try embeddings.scope("token_type_embeddings").tensor("weight", [configuration.typeCount, width])
        let table = try embeddings.scope("position_embeddings").tensor("weight", [configuration.positionCount, width])
        // A single text is all of token type 0, whose vector can join every position once and for all.
        let count = configuration.positionCount
        firstPosition = configuration.firstPosition ?? 0
        positions = compute.gather(
            table, Array(0..<count), adding: types, Array(repeating: 0, count: count))
        norm = try LayerNorm(embeddings.scope("LayerNorm"), width: width, epsilon: configuration.layerNormEpsilon)
        layers = try (0..<configuration.layerCount).map { index in
            try BertLayer(configuration, scope.scope("encoder.layer.\(index)"), on: compute)
        }
    }

    /// - Parameter sequences: B texts as token ids, each of at most `positionCount` ids below `vocabularySize`.
    /// - Returns: [B, D], not normalised.
    package func callAsFunction(_ sequences: [[Int32]], on compute: Compute) -> Tensor {
        let (tokens, offsets) = tokens(sequences, on: compute)
        return compute.meanOverSequences(tokens, offsets: offsets)
    }

    /// - Parameter sequences: B texts as token ids, each of at most `positionCount` ids below `vocabularySize`.
    /// - Returns: [S, D], a row a token, and where each text begins and the last ends.
    func tokens(_ sequences: [[Int32]], on compute: Compute) -> (Tensor, offsets: [Int]) {
        // An empty text of a tokenizer without start and end tokens is one token of padding.
        let sequences = sequences.map { $0.isEmpty ? [configuration.paddingID] : $0 }
        var offsets = [0]
        for sequence in sequences { offsets.append(offsets[offsets.count - 1] + sequence.count) }
        let ids = sequences.flatMap { $0.map(Int.init) }
        let places = sequences.flatMap { $0.indices.map { firstPosition + $0 } }
        var x = norm(compute.gather(words, ids, adding: positions, places), on: compute)
        let packed = PackedSequences(offsets: offsets)
        for layer in layers { x = layer(x, packed, on: compute) }
        return (x, offsets)
    }
}

/// One block of the encoder, normalised after each half.
///
/// x: [S, D] → [S, D].
private struct BertLayer: Sendable {
    private let headCount: Int
    private let queriesKeysValues: Linear
    private let attentionOutput: Linear
    private let attentionNorm: LayerNorm
    private let intermediate: Linear
    private let output: Linear
    private let outputNorm: LayerNorm

    init(_ configuration: BertConfiguration, _ scope: WeightScope, on compute: Compute) throws {
        let width = configuration.width
        let epsilon = configuration.layerNormEpsilon
        headCount = configuration.headCount
        // The three projections run as one multiply.
        let projections = ["query", "key", "value"].map { scope.scope("attention.self.\($0)") }
        queriesKeysValues = try Linear(joining: projections, scope, width: width, on: compute)
        let attention = scope.scope("attention.output")
        attentionOutput = try Linear(attention.scope("dense"), inputs: width, outputs: width, on: compute)
        attentionNorm = try LayerNorm(attention.scope("LayerNorm"), width: width, epsilon: epsilon)
        intermediate = try Linear(
            scope.scope("intermediate.dense"), inputs: width, outputs: configuration.intermediateWidth, on: compute)
        output = try Linear(
            scope.scope("output.dense"), inputs: configuration.intermediateWidth, outputs: width, on: compute)
        outputNorm = try LayerNorm(scope.scope("output.LayerNorm"), width: width, epsilon: epsilon)
    }

    func callAsFunction(_ x: Tensor, _ sequences: PackedSequences, on compute: Compute) -> Tensor {
        let mixed = compute.attention(queriesKeysValues(x, on: compute), sequences, headCount: headCount)
        let attended = attentionNorm(attentionOutput(mixed, residual: x, on: compute), on: compute)
        let hidden = intermediate(attended, activation: .gelu, on: compute)
        return outputNorm(output(hidden, residual: attended, on: compute), on: compute)
    }
}
