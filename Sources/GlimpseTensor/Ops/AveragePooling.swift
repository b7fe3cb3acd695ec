extension Compute {
    /// The mean of each square of pixels, which do not overlap.
    ///
    /// What is left at the right and at the bottom, less than a square, is dropped.
    ///
    /// - Parameters:
    ///   - x: [B, Y, X, C].
    ///   - size: P, the side of a square in pixels; at most Y and X.
    /// - Returns: [B, ⌊Y/P⌋, ⌊X/P⌋, C].
    public func averagePooling(_ x: Tensor, size: Int) -> Tensor {
        precondition(
            x.shape.rank == 4 && size > 0 && size <= x.shape[1] && size <= x.shape[2],
            "averagePooling: x \(x.shape), squares of \(size)")
        // A convolution of each channel by itself whose weights are all the same.
        let weights = tensor([size, size, x.shape[3]]) { weights in
            weights.update(repeating: 1 / Float(size * size), count: size * size * x.shape[3])
        }
        let geometry = ConvolutionGeometry(kernelSize: size, stride: size, padding: .symmetric(0))
        return depthwiseConvolution(x, weights, geometry: geometry, bias: nil)
    }
}
