extension Compute {
    /// max(0, x + y), element by element: how the branches of a residual network join.
    ///
    /// - Parameters:
    ///   - x: any shape.
    ///   - y: the same shape.
    /// - Returns: the same shape.
    public func rectifiedSum(_ x: Tensor, _ y: Tensor) -> Tensor {
        precondition(x.shape == y.shape, "rectifiedSum: \(x.shape) and \(y.shape)")
        let width = x.shape[-1]
        let (first, second) = (x.pointer, y.pointer)
        return tensor(x.shape) { result in
            overRows(x.shape.rowCount, atLeast: 16) { rows, _ in
                for index in (rows.lowerBound * width)..<(rows.upperBound * width) {
                    let sum = first[index] + second[index]
                    result[index] = sum < 0 ? 0 : sum
                }
            }
        }
    }
}
