internal import CKernels

extension Compute {
    /// Softmax over the last axis of x · scale.
    ///
    /// - Parameter x: [..., N].
    /// - Returns: [..., N], each row non-negative with sum 1.
    public func softmax(_ x: Tensor, scale: Float = 1) -> Tensor {
        let width = x.shape[-1]
        return tensor(x.shape) { result in
            overRows(x.shape.rowCount, atLeast: 16) { [kernels] rows, _ in
                kernels.softmax(x.pointer, width, result, width, width, scale, rows.lowerBound, rows.upperBound)
            }
        }
    }
}
