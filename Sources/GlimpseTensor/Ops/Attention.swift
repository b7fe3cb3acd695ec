internal import CKernels

extension Compute {
    /// Multi-head attention over sequences of different length, packed one after the other without padding.
    ///
    /// - Parameters:
    ///   - queriesKeysValues: [S, 3 · D], the three projections beside each other in a row.
    ///   - offsets: where each sequence starts, and the end: B + 1 numbers from 0 to S.
    ///   - headCount: H; D is a multiple of it.
    ///   - causal: whether a token sees only those before it and itself.
    /// - Returns: [S, D].
    /// - Complexity: O(Σ length² · D).
    public func attention(_ queriesKeysValues: Tensor, offsets: [Int], headCount: Int, causal: Bool = false) -> Tensor {
        let rows = queriesKeysValues.shape[0]
        let width = queriesKeysValues.shape[-1] / 3
        precondition(
            queriesKeysValues.shape == [rows, 3 * width] && width % headCount == 0,
            "attention: input \(queriesKeysValues.shape), \(headCount) heads")
        precondition(
            offsets.first == 0 && offsets.last == rows && zip(offsets, offsets.dropFirst()).allSatisfy(<),
            "attention: offsets \(offsets) do not cut \(rows) rows in sequences")
        let size = width / headCount
        let longest = zip(offsets, offsets.dropFirst()).map { $1 - $0 }.max() ?? 0
        let scratch = scratch(ck_attention_scratch(longest, longest, size))
        let inputs = queriesKeysValues.pointer
        return tensor([rows, width]) { result in
            team.run((offsets.count - 1) * headCount) { [kernels] piece, worker in
                let start = offsets[piece / headCount]
                let length = offsets[piece / headCount + 1] - start
                let head = (piece % headCount) * size
                let first = inputs + start * 3 * width + head
                var job = ck_attention(
                    q: first, ldq: 3 * width, k: first + width, ldk: 3 * width, v: first + 2 * width, ldv: 3 * width,
                    output: result + start * width + head, ldo: width, queries: length, keys: length, d: size,
                    scale: 1 / Float(size).squareRoot(), causal: causal)
                kernels.attention(&job, scratch[worker])
            }
        }
    }

    /// Multi-head attention of a few queries to each of several packed sequences: attention pooling.
    ///
    /// - Parameters:
    ///   - queries: [B · Q, K'], Q rows for each sequence, of which the first D columns count.
    ///   - keysValues: [S, K] with the keys in columns `keyColumn`… and the values in columns `valueColumn`…, D columns each.
    ///   - width: D.
    ///   - offsets: where each sequence starts, and the end: B + 1 numbers from 0 to S.
    ///   - headCount: H; D is a multiple of it.
    /// - Returns: [B · Q, D].
    /// - Complexity: O(Q · S · D).
    public func attention(
        queries: Tensor, keysValues: Tensor, width: Int, keyColumn: Int, valueColumn: Int, offsets: [Int],
        headCount: Int
    ) -> Tensor {
        let sequences = offsets.count - 1
        let queryStride = queries.shape[-1]
        let stride = keysValues.shape[-1]
        precondition(
            sequences > 0 && queries.shape[0] % sequences == 0 && width % headCount == 0 && queryStride >= width
                && max(keyColumn, valueColumn) + width <= stride,
            "attention: queries \(queries.shape), keys and values \(keysValues.shape), \(sequences) sequences, \(headCount) heads"
        )
        precondition(
            offsets.first == 0 && offsets.last == keysValues.shape[0]
                && zip(offsets, offsets.dropFirst()).allSatisfy(<),
            "attention: offsets \(offsets) do not cut \(keysValues.shape[0]) rows in sequences")
        let size = width / headCount
        let count = queries.shape[0] / sequences
        let longest = zip(offsets, offsets.dropFirst()).map { $1 - $0 }.max() ?? 0
        let scratch = scratch(ck_attention_scratch(count, longest, size))
        return tensor([queries.shape[0], width]) { result in
            team.run(sequences * headCount) { [kernels] piece, worker in
                let sequence = piece / headCount
                let start = keysValues.pointer + offsets[sequence] * stride
                let head = (piece % headCount) * size
                var job = ck_attention(
                    q: queries.pointer + sequence * count * queryStride + head, ldq: queryStride,
                    k: start + keyColumn + head,
                    ldk: stride, v: start + valueColumn + head, ldv: stride,
                    output: result + sequence * count * width + head, ldo: width, queries: count,
                    keys: offsets[sequence + 1] - offsets[sequence], d: size, scale: 1 / Float(size).squareRoot(),
                    causal: false)
                kernels.attention(&job, scratch[worker])
            }
        }
    }
}
