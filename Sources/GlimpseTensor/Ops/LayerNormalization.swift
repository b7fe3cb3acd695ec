internal import CKernels

extension Compute {
    /// y = (x − mean) / √(variance + epsilon) · gain + shift, over the last axis.
    ///
    /// Ba, Kiros and Hinton, "Layer Normalization", 2016.
    ///
    /// - Parameters:
    ///   - x: [..., D].
    ///   - gain: [D].
    ///   - shift: [D].
    /// - Returns: [..., D].
    public func layerNormalization(_ x: Tensor, gain: Tensor, shift: Tensor, epsilon: Float) -> Tensor {
        let width = x.shape[-1]
        precondition(
            gain.shape == [width] && shift.shape == [width],
            "layerNormalization: x \(x.shape), gain \(gain.shape), shift \(shift.shape)")
        return tensor(x.shape) { result in
            var job = ck_layer_norm(
                x: x.pointer, ldx: width, y: result, ldy: width, gain: gain.pointer, shift: shift.pointer, n: width,
                epsilon: epsilon)
            withUnsafePointer(to: &job) { job in
                overRows(x.shape.rowCount, atLeast: 16) { [kernels] rows, _ in
                    kernels.layer_norm(job, rows.lowerBound, rows.upperBound)
                }
            }
        }
    }
}
