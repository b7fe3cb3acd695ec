internal import CKernels

/// What a convolution takes for the pixels that lie outside the picture: how many zeros stand around it.
public enum ConvolutionPadding: Hashable, Sendable {
    /// TensorFlow's "same": ⌈size / stride⌉ outputs, and where the padding is odd the extra pixel comes last.
    case same
    /// PyTorch's: as many pixels on all four sides.
    case symmetric(Int)
}

/// How a convolution steps over a picture.
public struct ConvolutionGeometry: Hashable, Sendable {
    /// Rows and columns of the kernel.
    public let kernelSize: Int
    /// Pixels from one output to the next.
    public let stride: Int
    /// What stands around the picture.
    public let padding: ConvolutionPadding

    /// Makes the geometry of a square kernel.
    public init(kernelSize: Int, stride: Int, padding: ConvolutionPadding = .same) {
        precondition(kernelSize > 0 && stride > 0, "ConvolutionGeometry: kernel \(kernelSize), stride \(stride)")
        if case .symmetric(let pixels) = padding {
            precondition(pixels >= 0 && pixels < kernelSize, "ConvolutionGeometry: padding \(pixels)")
        }
        self.kernelSize = kernelSize
        self.stride = stride
        self.padding = padding
    }

    /// How many outputs there are along `size` pixels, and how many zeros stand before the first pixel.
    ///
    /// - Precondition: the kernel is not wider than the pixels with their padding.
    func steps(over size: Int) -> (output: Int, before: Int) {
        switch padding {
        case .same:
            let output = (size + stride - 1) / stride
            return (output, max(0, (output - 1) * stride + kernelSize - size) / 2)
        case .symmetric(let pixels):
            precondition(
                size + 2 * pixels >= kernelSize,
                "ConvolutionGeometry: a kernel of \(kernelSize) on \(size) pixels with padding \(pixels)")
            return ((size + 2 * pixels - kernelSize) / stride + 1, pixels)
        }
    }
}

extension Compute {
    /// A dense convolution; outside the picture is zero.
    ///
    /// - Parameters:
    ///   - x: [B, Y, X, C].
    ///   - weights: [N, kernelSize · kernelSize · C], packed; the inputs of an output in the order row, column, channel.
    ///   - bias: [N].
    /// - Returns: [B, Y', X', N], as many rows and columns as the geometry steps.
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
        let vertical = geometry.steps(over: x.shape[1])
        let horizontal = geometry.steps(over: x.shape[2])
        let shape: Shape = [x.shape[0], vertical.output, horizontal.output, weights.outputs]
        precondition(weights.precision == .float32, "convolution: weights in \(weights.precision.rawValue)")
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

    /// A convolution of each channel by itself, or of several outputs from each channel.
    ///
    /// - Parameters:
    ///   - x: [B, Y, X, C].
    ///   - weights: [kernelSize, kernelSize, N], where N is a multiple of C: each channel makes N / C neighbouring
    ///     outputs.
    ///   - bias: [N].
    /// - Returns: [B, Y', X', N], as many rows and columns as the geometry steps.
    public func depthwiseConvolution(
        _ x: Tensor, _ weights: Tensor, geometry: ConvolutionGeometry, bias: Tensor?, activation: Activation = .none
    ) -> Tensor {
        let size = geometry.kernelSize
        let channels = weights.shape[-1]
        precondition(
            x.shape.rank == 4 && weights.shape == [size, size, channels] && channels % x.shape[3] == 0,
            "depthwiseConvolution: x \(x.shape), weights \(weights.shape), kernel \(size)")
        precondition(
            bias == nil || bias?.shape == [channels],
            "depthwiseConvolution: bias \(bias.map(\.shape.description) ?? ""), \(channels) channels")
        let x = channels == x.shape[3] ? x : repeatingChannels(x, channels / x.shape[3])
        let vertical = geometry.steps(over: x.shape[1])
        let horizontal = geometry.steps(over: x.shape[2])
        let shape: Shape = [x.shape[0], vertical.output, horizontal.output, channels]
        return tensor(shape) { result in
            var job = ck_depthwise(
                input: x.pointer, ldi: channels, weights: weights.pointer, ldw: channels, bias: bias?.pointer,
                output: result, ldo: channels, in_y: x.shape[1], in_x: x.shape[2], channels: channels,
                out_y: vertical.output, out_x: horizontal.output,
                kernel_y: size, kernel_x: size, stride: geometry.stride, top: vertical.before, left: horizontal.before,
                activation: activation.kernel)
            withUnsafePointer(to: &job) { job in
                overRows(shape[0] * shape[1], atLeast: 2) { [kernels] rows, _ in
                    kernels.depthwise(job, rows.lowerBound, rows.upperBound)
                }
            }
        }
    }

    /// Every channel `times` times, one beside the other: [B, Y, X, C] → [B, Y, X, times · C].
    private func repeatingChannels(_ x: Tensor, _ times: Int) -> Tensor {
        let (source, width) = (x.pointer, x.shape[3])
        return tensor(x.shape.withLast(times * width)) { result in
            overRows(x.shape.rowCount, atLeast: 64) { rows, _ in
                for index in (rows.lowerBound * width)..<(rows.upperBound * width) {
                    for copy in 0..<times { result[index * times + copy] = source[index] }
                }
            }
        }
    }
}
