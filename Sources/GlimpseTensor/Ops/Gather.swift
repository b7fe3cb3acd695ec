internal import CKernels

extension Compute {
    /// The rows of a table that `indices` name, each with a row of a second table added: token and position embeddings.
    ///
    /// - Parameters:
    ///   - table: [V, D].
    ///   - indices: S numbers below V.
    ///   - addend: [P, D].
    ///   - addendIndices: S numbers below P.
    /// - Returns: [S, D].
    public func gather(_ table: Tensor, _ indices: [Int], adding addend: Tensor, _ addendIndices: [Int]) -> Tensor {
        let width = table.shape[-1]
        precondition(
            addend.shape[-1] == width && indices.count == addendIndices.count,
            "gather: tables \(table.shape) and \(addend.shape), \(indices.count) and \(addendIndices.count) indices")
        precondition(
            indices.allSatisfy { (0..<table.shape[0]).contains($0) }
                && addendIndices.allSatisfy { (0..<addend.shape[0]).contains($0) },
            "gather: an index is outside its table, \(table.shape) or \(addend.shape)")
        return tensor([indices.count, width]) { result in
            for (row, pair) in zip(indices, addendIndices).enumerated() {
                kernels.add(
                    table.pointer + pair.0 * width, addend.pointer + pair.1 * width, result + row * width, width)
            }
        }
    }
}
