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
        precondition(
            zip(offsets, offsets.dropFirst()).allSatisfy(<),
            "attention: offsets \(offsets) do not cut rows in sequences")
        return attention(queriesKeysValues, SequenceRows.apart(offsets), headCount: headCount, causal: causal)
    }

    /// Multi-head attention over sequences that may share rows: those of their own see all of them.
    ///
    /// - Parameters:
    ///   - queriesKeysValues: [S, 3 · D], the three projections beside each other in a row.
    ///   - sequences: their own rows together are all S, each once.
    ///   - headCount: H; D is a multiple of it.
    ///   - causal: whether a token sees only those before it and itself.
    /// - Returns: [S, D].
    /// - Complexity: O(Σ own · length · D).
    public func attention(
        _ queriesKeysValues: Tensor, _ sequences: [SequenceRows], headCount: Int, causal: Bool = false
    ) -> Tensor {
        let (rows, width) = (queriesKeysValues.shape[0], queriesKeysValues.shape[-1] / 3)
        precondition(
            queriesKeysValues.shape == [rows, 3 * width] && width % headCount == 0,
            "attention: input \(queriesKeysValues.shape), \(headCount) heads")
        let sequences = sequences.filter { !$0.own.isEmpty }
        let places = sequences.map(\.own).sorted { $0.lowerBound < $1.lowerBound }
        precondition(
            places.reduce(0) { $0 == $1.lowerBound ? $1.upperBound : -1 } == rows,
            "attention: own rows are not all \(rows) rows, each once")
        let inputs = AttentionInputs(
            queries: queriesKeysValues, keysValues: queriesKeysValues, keyColumn: width, valueColumn: 2 * width)
        return attention(
            inputs, queries: sequences.map(\.own), of: sequences, shape: [rows, width], headCount: headCount,
            causal: causal)
    }

    /// Multi-head attention of a few queries to each of several packed sequences: attention pooling.
    ///
    /// - Parameters:
    ///   - queries: [B · Q, K'], Q rows for each sequence, of which the first D columns count.
    ///   - keysValues: [S, K] with the keys in columns `keyColumn`… and the values in columns `valueColumn`…, D columns each.
    ///   - width: D.
    ///   - sequences: B of them.
    ///   - headCount: H; D is a multiple of it.
    /// - Returns: [B · Q, D].
    /// - Complexity: O(Q · Σ length · D).
    public func attention(
        queries: Tensor, keysValues: Tensor, width: Int, keyColumn: Int, valueColumn: Int, _ sequences: [SequenceRows],
        headCount: Int
    ) -> Tensor {
        let rows = queries.shape[0]
        precondition(
            !sequences.isEmpty && rows % sequences.count == 0 && width % headCount == 0 && queries.shape[-1] >= width
                && max(keyColumn, valueColumn) + width <= keysValues.shape[-1],
            "attention: queries \(queries.shape), keys and values \(keysValues.shape), \(sequences.count) sequences, \(headCount) heads"
        )
        let count = rows / sequences.count
        let inputs = AttentionInputs(
            queries: queries, keysValues: keysValues, keyColumn: keyColumn, valueColumn: valueColumn)
        return attention(
            inputs, queries: sequences.indices.map { ($0 * count)..<(($0 + 1) * count) }, of: sequences,
            shape: [rows, width], headCount: headCount, causal: false)
    }

    /// A head of a sequence is a piece.
    ///
    /// - Parameter queries: the rows of the queries of each sequence.
    private func attention(
        _ inputs: AttentionInputs, queries: [Range<Int>], of sequences: [SequenceRows], shape: Shape, headCount: Int,
        causal: Bool
    ) -> Tensor {
        let rows = inputs.keysValues.shape[0]
        precondition(
            sequences.allSatisfy { sequence in
                sequence.count > 0 && sequence.own.lowerBound >= 0 && sequence.own.upperBound <= rows
                    && sequence.shared.allSatisfy { (0..<rows).contains($0) }
            }, "attention: a sequence has no rows, or some that are not among \(rows)")
        let width = shape[1]
        let size = width / headCount
        let longest = sequences.reduce(0) { max($0, $1.count) }
        let kernelScratch = WorkerScratch.wholeLines(
            ck_attention_scratch(queries.reduce(0) { max($0, $1.count) }, longest, size))
        let isShared = sequences.contains { !$0.shared.isEmpty }
        let scratch = scratch(kernelScratch + (isShared ? 2 * size * longest : 0))
        return tensor(shape) { result in
            team.run(sequences.count * headCount) { [kernels] piece, worker in
                let (sequence, query) = (sequences[piece / headCount], queries[piece / headCount])
                let head = (piece % headCount) * size
                let (k, v, stride) = inputs.keysValues(
                    of: sequence, head: head..<(head + size), gatheredAt: scratch[worker] + kernelScratch)
                var job = ck_attention(
                    q: inputs.queries.pointer + query.lowerBound * inputs.queries.shape[-1] + head,
                    ldq: inputs.queries.shape[-1], k: k, ldk: stride, v: v, ldv: stride,
                    output: result + query.lowerBound * width + head, ldo: width, queries: query.count,
                    keys: sequence.count, d: size, scale: 1 / Float(size).squareRoot(), causal: causal)
                kernels.attention(&job, scratch[worker])
            }
        }
    }
}

/// Where attention finds its queries, in the first columns of a tensor, and its keys and values, in columns of one.
private struct AttentionInputs {
    let queries: Tensor
    let keysValues: Tensor
    let keyColumn: Int
    let valueColumn: Int

    /// The keys and the values of a sequence's rows, and how far apart the rows are.
    ///
    /// - Parameters:
    ///   - head: which columns of D.
    ///   - memory: 2 · count · head.count floats, to which the rows are copied where they are not one after the other.
    func keysValues(
        of sequence: SequenceRows, head: Range<Int>, gatheredAt memory: UnsafeMutablePointer<Float>
    ) -> (keys: UnsafePointer<Float>, values: UnsafePointer<Float>, stride: Int) {
        let stride = keysValues.shape[-1]
        let keys = keysValues.pointer + keyColumn + head.lowerBound
        let values = keysValues.pointer + valueColumn + head.lowerBound
        if sequence.shared.isEmpty {
            return (keys + sequence.own.lowerBound * stride, values + sequence.own.lowerBound * stride, stride)
        }
        for position in 0..<sequence.count {
            let row = sequence[position] * stride
            let to = memory + position * 2 * head.count
            to.update(from: keys + row, count: head.count)
            (to + head.count).update(from: values + row, count: head.count)
        }
        return (UnsafePointer(memory), UnsafePointer(memory) + head.count, 2 * head.count)
    }
}
