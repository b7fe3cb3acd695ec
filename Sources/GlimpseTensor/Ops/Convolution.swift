internal import CKernels

/// How a convolution steps over a picture.
public struct ConvolutionGeometry: Hashable, Sendable {
    /// Rows and columns of the kernel.
    public let kernelSize: Int
    /// Pixels from one output to the next.
    public let stride: Int

    /// Makes the geometry of a square kernel.
    public init(kernelSize: Int, stride: Int) {
        precondition(kernelSize > 0 && stride > 0, "ConvolutionGeometry: kernel \(kernelSize), stride \(stride)")
        self.kernelSize = kernelSize
        self.stride = stride
    }

    /// Output extent and padding before the first pixel in TensorFlow's "same" mode: ⌈size / stride⌉ outputs, and where the padding is
    /// odd the extra pixel comes last.
    func same(_ size: Int) -> (output: Int, before: Int) {
        let output = (size + stride - 1) / stride
        let padding = max(0, (output - 1) * stride + kernelSize - size)
        return (output, padding / 2)
    }
}

extension Compute {
    /// A dense convolution with "same" padding; outside the picture is zero.
    ///
    /// - Parameters:
    ///   - x: [B, Y, X, C].
    ///   - weights: [N, kernelSize · kernelSize · C], packed; the inputs of an output in the order row, column, channel.
    ///   - bias: [N].
    /// - Returns: [B, ⌈Y/stride⌉, ⌈X/stride⌉, N].
    public func convolution(
        _ x: Tensor, _ weights: PackedMatrix, geometry: ConvolutionGeometry, bias: Tensor?,
        activation: Activation = .none
    ) -> Tensor {
        let size = geometry.kernelSize
        precondition(
            x.shape.rank == 4 && weights.inputs == size * size * x.shape[3],
            "convolution: x \(x.shape), weights [\(weights.outputs), \(weights.inputs)], kernel \(size)")
        precondition(
            bias == nil || bias?.shape == [weights.outputs],
            "convolution: bias \(bias.map(\.shape.description) ?? ""), \(weights.outputs) outputs")
        let vertical = geometry.same(x.shape[1])
        let horizontal = geometry.same(x.shape[2])
        let shape: Shape = [x.shape[0], vertical.output, horizontal.output, weights.outputs]
        return tensor(shape) { result in
            var job = ck_convolution(
                input: x.pointer, packed: weights.panels.pointer, bias: bias?.pointer, residual: nil, output: result,
                in_y: x.shape[1], in_x: x.shape[2], channels: x.shape[3], out_y: vertical.output,
                out_x: horizontal.output, outputs: weights.outputs, kernel_y: size, kernel_x: size,
                stride: geometry.stride, top: vertical.before, left: horizontal.before,
                activation: activation.kernel)
            withUnsafePointer(to: &job) { job in
                overRows(shape[0] * shape[1], atLeast: 4) { [kernels] rows, _ in
                    kernels.convolution(job, rows.lowerBound, rows.upperBound)
                }
            }
        }
    }

    /// A convolution of each channel by itself, with "same" padding.
    ///
    /// - Parameters:
    ///   - x: [B, Y, X, C].
    ///   - weights: [kernelSize, kernelSize, C].
    ///   - bias: [C].
    /// - Returns: [B, ⌈Y/stride⌉, ⌈X/stride⌉, C].
    public func depthwiseConvolution(
        _ x: Tensor, _ weights: Tensor, geometry: ConvolutionGeometry, bias: Tensor?, activation: Activation = .none
    ) -> Tensor {
        let size = geometry.kernelSize
        precondition(
            x.shape.rank == 4 && weights.shape == [size, size, x.shape[3]],
            "depthwiseConvolution: x \(x.shape), weights \(weights.shape), kernel \(size)")
        precondition(
            bias == nil || bias?.shape == [x.shape[3]],
            "depthwiseConvolution: bias \(bias.map(\.shape.description) ?? ""), \(x.shape[3]) channels")
        let vertical = geometry.same(x.shape[1])
        let horizontal = geometry.same(x.shape[2])
        let shape: Shape = [x.shape[0], vertical.output, horizontal.output, x.shape[3]]
        return tensor(shape) { result in
            var job = ck_depthwise(
                input: x.pointer, weights: weights.pointer, bias: bias?.pointer, output: result, in_y: x.shape[1],
                in_x: x.shape[2], channels: x.shape[3], out_y: vertical.output, out_x: horizontal.output,
                kernel_y: size, kernel_x: size, stride: geometry.stride, top: vertical.before, left: horizontal.before,
                activation: activation.kernel)
            withUnsafePointer(to: &job) { job in
                overRows(shape[0] * shape[1], atLeast: 2) { [kernels] rows, _ in
                    kernels.depthwise(job, rows.lowerBound, rows.upperBound)
                }
            }
        }
    }
}
