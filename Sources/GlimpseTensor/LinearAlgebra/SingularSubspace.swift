internal import CKernels

extension Compute {
    /// An orthonormal basis of the space that a matrix's leading right singular vectors span, by subspace iteration.
    ///
    /// Golub and Van Loan, "Matrix Computations", §8.2.4. The iteration starts from a seeded block, so the result is the same on every run.
    ///
    /// - Parameters:
    ///   - matrix: [M, N].
    ///   - count: K, at most min(M, N).
    ///   - iterations: how often the block is multiplied by the matrix and its transpose.
    /// - Returns: [K, N], orthonormal rows.
    /// - Complexity: O(M · N² + iterations · N · K · (N + K)).
    public func rightSingularSubspace(of matrix: Tensor, count: Int, iterations: Int = 40) -> Tensor {
        let columns = matrix.shape[1]
        precondition(
            matrix.shape.rank == 2 && (1...min(matrix.shape[0], columns)).contains(count),
            "rightSingularSubspace: \(count) directions of a matrix \(matrix.shape)")
        let transposed = matrix.transposed()
        let gram = PackedMatrix(matrixMultiply(transposed, PackedMatrix(transposed, on: self)), on: self)
        var random = SeededRandom(seed: 0)
        let start = (0..<(count * columns)).map { _ in Float.random(in: -1...1, using: &random) }
        var block = orthonormalized(Tensor(shape: [count, columns], scalars: start))
        for _ in 0..<iterations { block = orthonormalized(matrixMultiply(block, gram)) }
        return block
    }

    /// Gram–Schmidt on the rows, each made orthogonal to those before it twice, which is enough for working precision.
    private func orthonormalized(_ rows: Tensor) -> Tensor {
        let count = rows.shape[0]
        let width = rows.shape[1]
        return tensor(rows.shape) { result in
            result.update(from: rows.pointer, count: rows.count)
            var products = [Float](repeating: 0, count: count)
            for index in 0..<count {
                let row = result + index * width
                // Scaled first, so that a product of thousands of numbers does not lose the small ones.
                scaleToUnitLength(row, width)
                for _ in 0..<2 where index > 0 {
                    kernels.dot_rows(result, width, width, row, &products, 0, index)
                    for (other, product) in products.prefix(index).enumerated() {
                        let previous = result + other * width
                        for column in 0..<width { row[column] -= product * previous[column] }
                    }
                }
                scaleToUnitLength(row, width)
            }
        }
    }

    private func scaleToUnitLength(_ row: UnsafeMutablePointer<Float>, _ width: Int) {
        var squares: Float = 0
        kernels.dot_rows(row, width, width, row, &squares, 0, 1)
        let scale = squares > 0 ? 1 / squares.squareRoot() : 0
        for column in 0..<width { row[column] *= scale }
    }
}
