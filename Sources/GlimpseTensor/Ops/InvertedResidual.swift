internal import CKernels

/// The weights of a block that widens, looks at each channel by itself, and narrows again.
public struct InvertedResidualWeights: Sendable {
    /// A 1×1 convolution: weights [N, C] and bias [N].
    public typealias Pointwise = (weights: PackedMatrix, bias: Tensor)

    let expand: Pointwise?
    let depthwise: Tensor
    let depthwiseBias: Tensor
    let geometry: ConvolutionGeometry
    let project: Pointwise

    /// Joins the weights of the three convolutions.
    ///
    /// - Parameters:
    ///   - expand: C → W channels; without it W is C.
    ///   - depthwise: [kernelSize, kernelSize, W].
    ///   - depthwiseBias: [W].
    ///   - geometry: of the depthwise convolution.
    ///   - project: W → N channels.
    public init(
        expand: Pointwise?, depthwise: Tensor, depthwiseBias: Tensor, geometry: ConvolutionGeometry, project: Pointwise
    ) {
        let width = project.weights.inputs
        precondition(
            depthwise.shape == [geometry.kernelSize, geometry.kernelSize, width] && depthwiseBias.shape == [width]
                && (expand?.weights.outputs ?? width) == width,
            "InvertedResidualWeights: depthwise \(depthwise.shape), bias \(depthwiseBias.shape), \(width) channels")
        self.expand = expand
        self.depthwise = depthwise
        self.depthwiseBias = depthwiseBias
        self.geometry = geometry
        self.project = project
    }

    /// How many channels come in.
    var inputs: Int { expand?.weights.inputs ?? project.weights.inputs }
    /// How many channels there are between.
    var width: Int { project.weights.inputs }
    /// Whether the weights are floats, as the kernels here need them.
    var hasFloats: Bool { project.weights.precision.integer == nil && expand?.weights.precision.integer == nil }

    /// How many floats a worker needs to make halves floats: 64-byte lines, none where there are no halves.
    var wideningSize: Int {
        [expand?.weights, project.weights].reduce(0) { size, weights in
            guard let weights, weights.precision == .float16 else { return size }
            return max(size, ck_packed_size(Int(CK_TILE_PANELS * CK_PANEL), weights.inputs))
        }
    }

    /// The depthwise convolution of some channels; sizes and places are the caller's to fill in.
    func depthwise(of channels: Range<Int>) -> ck_depthwise {
        var job = ck_depthwise()
        (job.weights, job.ldw) = (depthwise.pointer + channels.lowerBound, width)
        job.bias = depthwiseBias.pointer + channels.lowerBound
        job.channels = channels.count
        (job.kernel_y, job.kernel_x, job.stride) = (geometry.kernelSize, geometry.kernelSize, geometry.stride)
        job.activation = CK_ACTIVATION_RELU6
        return job
    }
}

extension Compute {
    /// A wide picture in between is worked on in strips when it takes more floats than this: less than a core's second-level cache.
    private static let wholePictureLimit = 150_000

    /// project(relu6(depthwise(relu6(expand(x))))) with "same" padding, plus x where `hasSkip`.
    ///
    /// Sandler et al., "MobileNetV2: Inverted Residuals and Linear Bottlenecks", 2018. The picture between the convolutions is the widest thing in the
    /// network, and no more of it is made at once than a core's cache holds: some rows of a large picture, some channels of a small one.
    ///
    /// - Parameter x: [B, Y, X, C].
    /// - Returns: [B, ⌈Y/stride⌉, ⌈X/stride⌉, N].
    public func invertedResidual(_ x: Tensor, _ block: InvertedResidualWeights, hasSkip: Bool) -> Tensor {
        precondition(
            x.shape.rank == 4 && x.shape[3] == block.inputs, "invertedResidual: x \(x.shape), \(block.inputs) channels")
        precondition(block.hasFloats, "invertedResidual: weights of integers")
        if x.shape[1] * x.shape[2] * block.width > Self.wholePictureLimit {
            return invertedResidualByRows(x, block, hasSkip: hasSkip)
        }
        let filtered =
            if let expand = block.expand {
                filteredByChannels(x, expand, block)
            } else {
                depthwiseConvolution(
                    x, block.depthwise, geometry: block.geometry, bias: block.depthwiseBias, activation: .relu6)
            }
        return matrixMultiply(filtered, block.project.weights, bias: block.project.bias, residual: hasSkip ? x : nil)
    }

    /// A 1×1 convolution of some pixels, on the calling thread.
    ///
    /// - Parameters:
    ///   - outputs: which of the outputs are computed, from the first of a panel on; all by default.
    ///   - target: [pixels, outputs], as is `residual`.
    ///   - widening: `wideningSize` floats.
    func multiply(
        _ source: UnsafePointer<Float>, pixels: Int, _ pointwise: InvertedResidualWeights.Pointwise,
        outputs: Range<Int>? = nil, to target: UnsafeMutablePointer<Float>, activation: Activation = .none,
        residual: UnsafePointer<Float>? = nil, widening: UnsafeMutablePointer<Float>
    ) {
        let weights = pointwise.weights
        let outputs = outputs ?? 0..<weights.outputs
        let panel = Int(CK_PANEL)
        // The job goes on to the last output, so that the kernel knows what comes after these and fetches it.
        var job = ck_matmul(
            a: source, lda: weights.inputs, packed: weights.panel(outputs.lowerBound / panel),
            weights: weights.precision.weights, bias: pointwise.bias.pointer + outputs.lowerBound, residual: residual,
            ldr: outputs.count, c: target, ldc: outputs.count, m: pixels, n: weights.outputs - outputs.lowerBound,
            k: weights.inputs, activation: activation.kernel, wide: widening, next: nil)
        kernels.matmul(&job, 0, (outputs.count + panel - 1) / panel, 0, pixels)
    }
}
