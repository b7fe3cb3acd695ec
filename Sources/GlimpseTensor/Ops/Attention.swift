internal import CKernels

extension Compute {
    /// Multi-head attention over sequences of different length; those that share rows see them as their own.
    ///
    /// - Parameters:
    ///   - queriesKeysValues: [S, 3 · D], the three projections beside each other in a row.
    ///   - sequences: S rows.
    ///   - headCount: H; D is a multiple of it.
    ///   - causal: whether a token sees only those before it and itself.
    /// - Returns: [S, D].
    /// - Complexity: O(Σ own · length · D).
    public func attention(
        _ queriesKeysValues: Tensor, _ sequences: PackedSequences, headCount: Int, causal: Bool = false
    ) -> Tensor {
        let width = queriesKeysValues.shape[-1] / 3
        precondition(
            queriesKeysValues.shape == [sequences.rowCount, 3 * width] && width % headCount == 0,
            "attention: input \(queriesKeysValues.shape), \(sequences.rowCount) rows of sequences, \(headCount) heads")
        let inputs = AttentionInputs(
            queries: queriesKeysValues, keysValues: queriesKeysValues, keyColumn: width, valueColumn: 2 * width)
        return attention(
            inputs, sequences, queryCount: nil, shape: [sequences.rowCount, width], headCount: headCount,
            causal: causal)
    }

    /// Multi-head attention of a few queries to each of several sequences: attention pooling.
    ///
    /// - Parameters:
    ///   - queries: [B · Q, K'], Q rows for each sequence, of which the first D columns count.
    ///   - keysValues: [S, K] with the keys in columns `keyColumn`… and the values in columns `valueColumn`…, D columns each.
    ///   - width: D.
    ///   - sequences: B of them, S rows.
    ///   - headCount: H; D is a multiple of it.
    /// - Returns: [B · Q, D].
    /// - Complexity: O(Q · Σ length · D).
    public func attention(
        queries: Tensor, keysValues: Tensor, width: Int, keyColumn: Int, valueColumn: Int,
        _ sequences: PackedSequences, headCount: Int
    ) -> Tensor {
        let (rows, count) = (queries.shape[0], sequences.sequences.count)
        precondition(
            count > 0 && rows % count == 0 && width % headCount == 0 && queries.shape[-1] >= width
                && max(keyColumn, valueColumn) + width <= keysValues.shape[-1]
                && keysValues.shape[0] == sequences.rowCount,
            "attention: queries \(queries.shape), keys and values \(keysValues.shape), \(count) sequences of \(sequences.rowCount) rows, \(headCount) heads"
        )
        let inputs = AttentionInputs(
            queries: queries, keysValues: keysValues, keyColumn: keyColumn, valueColumn: valueColumn)
        return attention(
            inputs, sequences, queryCount: rows / count, shape: [rows, width], headCount: headCount, causal: false)
    }

    /// A head of a sequence is a piece.
    ///
    /// - Parameter queryCount: how many queries each sequence has, one's after the other's; nil where its own rows are its queries.
    private func attention(
        _ inputs: AttentionInputs, _ packed: PackedSequences, queryCount: Int?, shape: Shape, headCount: Int,
        causal: Bool
    ) -> Tensor {
        // A sequence without rows of its own has no queries.
        let sequences = queryCount == nil ? packed.withRows : packed.sequences
        let width = shape[1]
        let size = width / headCount
        let kernelScratch = WorkerScratch.wholeLines(
            ck_attention_scratch(queryCount ?? packed.mostOwn, packed.longest, size))
        let scratch = scratch(kernelScratch + (packed.haveShared ? 2 * size * packed.longest : 0))
        return tensor(shape) { result in
            team.run(sequences.count * headCount) { [kernels] piece, worker in
                let (index, head) = (piece / headCount, (piece % headCount) * size)
                let sequence = sequences[index]
                let query = queryCount.map { (index * $0)..<((index + 1) * $0) } ?? sequence.own
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
