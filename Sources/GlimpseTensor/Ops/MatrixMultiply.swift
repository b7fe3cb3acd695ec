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
        let shape = Shape(x.shape.dimensions.dropLast() + [outputs])
        precondition(
            x.shape.rank >= 1 && x.shape[-1] == weights.inputs,
            "matrixMultiply: x \(x.shape), weights [\(outputs), \(weights.inputs)]")
        precondition(
            bias == nil || bias?.shape == [outputs],
            "matrixMultiply: bias \(bias.map(\.shape.description) ?? ""), \(outputs) outputs")
        precondition(
            residual == nil || residual?.shape == shape,
            "matrixMultiply: residual \(residual.map(\.shape.description) ?? ""), result \(shape)")
        return tensor(shape) { result in
            let job = ck_matmul(
                a: x.pointer, lda: weights.inputs, packed: weights.panels.pointer, weights: weights.precision.weights,
                bias: bias?.pointer, residual: residual?.pointer, ldr: outputs, c: result, ldc: outputs, m: rows,
                n: outputs, k: weights.inputs, activation: activation.kernel, wide: nil)
            switch weights.precision {
            case .float32: multiply(job, panels: weights.panelCount)
            case .float16:
                let wide = scratch(ck_packed_size(Int(CK_TILE_PANELS * CK_PANEL), job.k))
                multiply(job, panels: weights.panelCount, wide: wide)
            case .int16: multiply(job, as: CK_INT16, panels: weights.panelCount)
            case .int8: multiply(job, as: CK_INT8, panels: weights.panelCount)
            }
        }
    }

    /// - Parameter wide: memory for each worker in which it may make halves floats.
    private func multiply(_ job: ck_matmul, panels: Int, wide: WorkerScratch? = nil) {
        overTiles(panels: panels, rows: job.m) { [kernels] panels, rows, worker in
            var job = job
            job.wide = wide?[worker]
            kernels.matmul(&job, panels.lowerBound, panels.upperBound, rows.lowerBound, rows.upperBound)
        }
    }

    /// Rounds the rows to integers first, then multiplies those.
    private func multiply(_ job: ck_matmul, as kind: ck_integer, panels: Int) {
        let rowWords = ck_integer_row_bytes(kind, job.k) / 4
        let rows = TensorStorage(count: rowWords * job.m, pool: pool)
        overRows(job.m, atLeast: 4) { [kernels] range, _ in
            kernels.quantize_rows(kind, job.a, job.lda, job.k, rows.pointer, range.lowerBound, range.upperBound)
        }
        let integers = ck_integer_matmul(
            kind: kind, rows: rows.pointer, packed: job.packed, bias: job.bias, residual: job.residual, ldr: job.ldr,
            c: job.c, ldc: job.ldc, m: job.m, n: job.n, k: job.k, activation: job.activation)
        withUnsafePointer(to: integers) { job in
            overTiles(panels: panels, rows: job.pointee.m) { [kernels] panels, rows, _ in
                kernels.integer_matmul(job, panels.lowerBound, panels.upperBound, rows.lowerBound, rows.upperBound)
            }
        }
    }

    /// Calls `body` on the team for pieces of a product: blocks of rows, each cut in columns of panels.
    private func overTiles(
        panels: Int, rows: Int, _ body: (_ panels: Range<Int>, _ rows: Range<Int>, _ worker: Int) -> Void
    ) {
        guard rows > 0 else { return }
        guard team.count > 1 else { return body(0..<panels, 0..<rows, 0) }
        let (blocks, columns) = pieces(panels: panels, rows: rows)
        team.run(blocks * columns) { piece, worker in
            let (block, column) = (piece / columns, piece % columns)
            body(
                (panels * column / columns)..<(panels * (column + 1) / columns),
                (rows * block / blocks)..<(rows * (block + 1) / blocks), worker)
        }
    }

    /// Blocks of at most 96 rows, and as many columns as give each thread a few pieces: whole tiles where that leaves it two, and
    /// where they are few, as many for one thread as for another.
    private func pieces(panels: Int, rows: Int) -> (blocks: Int, columns: Int) {
        let wanted = 8 * team.count
        let blocks = (rows + 95) / 96
        var columns = min(panels, (wanted + blocks - 1) / blocks)
        let whole = (panels + Self.tilePanels - 1) / Self.tilePanels
        if 2 * columns > whole, blocks * whole >= 2 * team.count { columns = whole }
        guard blocks * columns < wanted else { return (blocks, columns) }
        return blocks > 1 ? (wholeShares(blocks), columns) : (1, min(panels, wholeShares(columns)))
    }
}
