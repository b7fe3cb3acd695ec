internal import CKernels

extension Compute {
    /// y = activation(x Wᵀ + bias) + residual.
    ///
    /// - Parameters:
    ///   - x: [..., K].
    ///   - weights: [N, K], packed.
    ///   - bias: [N].
    ///   - residual: [..., N].
    /// - Returns: [..., N].
    /// - Complexity: O(rows · N · K).
    public func matrixMultiply(
        _ x: Tensor, _ weights: PackedMatrix, bias: Tensor? = nil, activation: Activation = .none,
        residual: Tensor? = nil
    ) -> Tensor {
        let rows = x.shape.rowCount
        let outputs = weights.outputs
        precondition(
            x.shape.rank >= 1 && x.shape[-1] == weights.inputs,
            "matrixMultiply: x \(x.shape), weights [\(outputs), \(weights.inputs)]")
        let shape = x.shape.withLast(outputs)
        precondition(
            bias == nil || bias?.shape == [outputs],
            "matrixMultiply: bias \(bias.map(\.shape.description) ?? ""), \(outputs) outputs")
        precondition(
            residual == nil || residual?.shape == shape,
            "matrixMultiply: residual \(residual.map(\.shape.description) ?? ""), result \(shape)")
        let next = next(after: weights)
        return tensor(shape) { result in
            let job = ck_matmul(
                a: x.pointer, lda: weights.inputs, packed: weights.panels.pointer, weights: weights.precision.weights,
                bias: bias?.pointer, residual: residual?.pointer, ldr: outputs, c: result, ldc: outputs, m: rows,
                n: outputs, k: weights.inputs, activation: activation.kernel, wide: nil, next: nil)
            switch weights.precision {
            case .float32: multiply(job, panels: weights.panelCount, next: next)
            case .float16:
                let wide = scratch(ck_packed_size(Int(CK_TILE_PANELS * CK_PANEL), job.k))
                multiply(job, panels: weights.panelCount, wide: wide, next: next)
            case .int16: multiply(job, as: CK_INT16, panels: weights.panelCount, next: next)
            case .int8: multiply(job, as: CK_INT8, panels: weights.panelCount, next: next)
            }
        }
    }

    /// - Parameters:
    ///   - wide: memory for each worker in which it may make halves floats.
    ///   - next: what is read after these weights.
    private func multiply(
        _ job: ck_matmul, panels: Int, wide: WorkerScratch? = nil, next: ReadingOrder.Reading?
    ) {
        overTiles(panels: panels, rows: job.m, next: next) { [kernels] panels, rows, worker, ahead in
            var job = job
            job.wide = wide?[worker]
            job.next = ahead
            kernels.matmul(&job, panels.lowerBound, panels.upperBound, rows.lowerBound, rows.upperBound)
        }
    }

    /// Rounds the rows to integers first, then multiplies those.
    private func multiply(_ job: ck_matmul, as kind: ck_integer, panels: Int, next: ReadingOrder.Reading?) {
        let rowWords = ck_integer_row_bytes(kind, job.k) / 4
        let rows = TensorStorage(count: rowWords * job.m, pool: pool)
        overRows(job.m, atLeast: 4) { [kernels] range, _ in
            kernels.quantize_rows(kind, job.a, job.lda, job.k, rows.pointer, range.lowerBound, range.upperBound)
        }
        let integers = ck_integer_matmul(
            kind: kind, rows: rows.pointer, packed: job.packed, bias: job.bias, residual: job.residual, ldr: job.ldr,
            c: job.c, ldc: job.ldc, m: job.m, n: job.n, k: job.k, activation: job.activation, next: nil)
        overTiles(panels: panels, rows: job.m, next: next) { [kernels] panels, rows, _, ahead in
            var integers = integers
            integers.next = ahead
            kernels.integer_matmul(&integers, panels.lowerBound, panels.upperBound, rows.lowerBound, rows.upperBound)
        }
    }

    /// Calls `body` on the team for the pieces of a product.
    ///
    /// - Parameters:
    ///   - next: what is read after these weights.
    ///   - body: is told, with the last piece of a thread's share, where the thread begins to read then.
    private func overTiles(
        panels: Int, rows: Int, next: ReadingOrder.Reading?,
        _ body: (_ panels: Range<Int>, _ rows: Range<Int>, _ worker: Int, _ ahead: UnsafeRawPointer?) -> Void
    ) {
        let pieces = ProductPieces(panels: panels, rows: rows, threads: team.count)
        // Where rows are cut too, a thread does not read the share of the weights that it has of the pieces.
        let next = pieces.blocks == 1 ? next : nil
        team.run(pieces.count, next: next) { [team] piece, worker in
            let (panels, rows) = pieces[piece]
            let isLast = piece + 1 == team.share(of: worker, in: pieces.count).upperBound
            body(panels, rows, worker, isLast ? next?.start(ofShare: worker, of: team) : nil)
        }
    }
}
