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
            var job = ck_matmul(
                a: x.pointer, lda: weights.inputs, packed: weights.panels.pointer, bias: bias?.pointer,
                residual: residual?.pointer, ldr: outputs, c: result, ldc: outputs, m: rows, n: outputs,
                k: weights.inputs, activation: activation.kernel)
            run(&job, panels: weights.panelCount, rows: rows)
        }
    }

    /// Cuts the result in blocks of at most 96 rows and as many columns as give each thread a few pieces.
    private func run(_ job: inout ck_matmul, panels: Int, rows: Int) {
        guard rows > 0 else { return }
        guard team.count > 1 else { return kernels.matmul(&job, 0, panels, 0, rows) }
        let blocks = (rows + 95) / 96
        let wanted = max(1, (team.count * 8 + blocks - 1) / blocks)
        let width = max(1, (panels + wanted - 1) / wanted)
        let columns = (panels + width - 1) / width
        withUnsafePointer(to: &job) { job in
            team.run(blocks * columns) { [kernels] piece, _ in
                let block = piece / columns
                let column = piece % columns
                kernels.matmul(
                    job, column * width, min(panels, (column + 1) * width), rows * block / blocks,
                    rows * (block + 1) / blocks)
            }
        }
    }
}
