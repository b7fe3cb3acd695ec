extension Tensor {
    /// [M, N] → [N, M]. For weights while a model is made, so it is written for reading.
    public func transposed() -> Tensor {
        precondition(shape.rank == 2, "transposed: shape \(shape), expected [M, N]")
        let rows = shape[0]
        let columns = shape[1]
        return withUnsafeScalars { source in
            Tensor(
                shape: [columns, rows],
                scalars: (0..<columns).flatMap { column in (0..<rows).map { source[$0 * columns + column] } })
        }
    }
}
