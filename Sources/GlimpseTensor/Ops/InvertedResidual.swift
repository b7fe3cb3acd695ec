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
    /// Whether the weights are floats, as strips need them.
    var hasFloats: Bool { project.weights.precision.integer == nil && expand?.weights.precision.integer == nil }
}

extension Compute {
    /// A wide picture in between is worked on in strips when it takes more floats than this: about a core's second-level cache.
    private static let wholePictureLimit = 200_000
    /// A strip of the wide picture takes about this many floats, so that it is still in the cache when it is read again.
    private static let stripSize = 80_000

    /// project(relu6(depthwise(relu6(expand(x))))) with "same" padding, plus x where `hasSkip`.
    ///
    /// Sandler et al., "MobileNetV2: Inverted Residuals and Linear Bottlenecks", 2018. The picture between the convolutions is the widest thing in the
    /// network; where it does not fit in a core's cache, strips of it go through all three while they are there. Rows that two strips need
    /// are computed twice, which costs less than reading them from memory.
    ///
    /// - Parameter x: [B, Y, X, C].
    /// - Returns: [B, ⌈Y/stride⌉, ⌈X/stride⌉, N].
    public func invertedResidual(_ x: Tensor, _ block: InvertedResidualWeights, hasSkip: Bool) -> Tensor {
        precondition(
            x.shape.rank == 4 && x.shape[3] == block.inputs, "invertedResidual: x \(x.shape), \(block.inputs) channels")
        precondition(block.hasFloats, "invertedResidual: weights of integers")
        guard x.shape[1] * x.shape[2] * block.width > Self.wholePictureLimit else {
            let expanded = block.expand.map { matrixMultiply(x, $0.weights, bias: $0.bias, activation: .relu6) } ?? x
            let filtered = depthwiseConvolution(
                expanded, block.depthwise, geometry: block.geometry, bias: block.depthwiseBias, activation: .relu6)
            return matrixMultiply(
                filtered, block.project.weights, bias: block.project.bias, residual: hasSkip ? x : nil)
        }
        return inStrips(x, block, hasSkip: hasSkip)
    }

    private func inStrips(_ x: Tensor, _ block: InvertedResidualWeights, hasSkip: Bool) -> Tensor {
        let strips = Strips(x.shape, block, target: Self.stripSize)
        let shape: Shape = [x.shape[0], strips.rows.output, strips.columns.output, block.project.weights.outputs]
        let wideSize = block.expand == nil ? 0 : strips.inputRows * x.shape[2] * block.width
        let filteredSize = strips.height * strips.columns.output * block.width
        let filteredStart = WorkerScratch.wholeLines(wideSize)
        let scratch = scratch(filteredStart + filteredSize)
        return tensor(shape) { result in
            team.run(shape[0] * strips.count) { piece, worker in
                let wide = scratch[worker]
                let picture = piece / strips.count
                let output = strips.outputRows(piece % strips.count)
                let input = strips.inputRows(for: output)
                let source = x.pointer + (picture * x.shape[1] + input.lowerBound) * x.shape[2] * x.shape[3]
                if let expand = block.expand {
                    multiply(source, expand, to: wide, pixels: input.count * x.shape[2], activation: .relu6)
                }
                let filtered = wide + filteredStart
                var job = ck_depthwise(
                    input: block.expand == nil ? source : UnsafePointer(wide), weights: block.depthwise.pointer,
                    bias: block.depthwiseBias.pointer, output: filtered, in_y: input.count, in_x: x.shape[2],
                    channels: block.width, out_y: output.count, out_x: strips.columns.output,
                    kernel_y: block.geometry.kernelSize, kernel_x: block.geometry.kernelSize,
                    stride: block.geometry.stride, top: strips.padding(above: output, input),
                    left: strips.columns.before,
                    activation: CK_ACTIVATION_RELU6)
                kernels.depthwise(&job, 0, output.count)
                let place = (picture * strips.rows.output + output.lowerBound) * strips.columns.output * shape[3]
                multiply(
                    filtered, block.project, to: result + place, pixels: output.count * strips.columns.output,
                    residual: hasSkip ? x.pointer + place : nil)
            }
        }
    }

    /// A 1×1 convolution of some pixels, on the calling thread.
    private func multiply(
        _ source: UnsafePointer<Float>, _ pointwise: InvertedResidualWeights.Pointwise,
        to target: UnsafeMutablePointer<Float>, pixels: Int, activation: Activation = .none,
        residual: UnsafePointer<Float>? = nil
    ) {
        let (inputs, outputs) = (pointwise.weights.inputs, pointwise.weights.outputs)
        var job = ck_matmul(
            a: source, lda: inputs, packed: pointwise.weights.panels.pointer,
            weights: pointwise.weights.precision.weights, bias: pointwise.bias.pointer, residual: residual,
            ldr: outputs, c: target, ldc: outputs, m: pixels, n: outputs, k: inputs, activation: activation.kernel,
            wide: nil)
        kernels.matmul(&job, 0, pointwise.weights.panelCount, 0, pixels)
    }
}

/// How a picture is cut in strips of output rows, and which input rows each needs.
private struct Strips {
    let rows: (output: Int, before: Int)
    let columns: (output: Int, before: Int)
    /// Output rows a strip, at most.
    let height: Int
    /// How many strips there are.
    let count: Int
    private let inputHeight: Int
    private let geometry: ConvolutionGeometry

    init(_ input: Shape, _ block: InvertedResidualWeights, target: Int) {
        geometry = block.geometry
        inputHeight = input[1]
        rows = geometry.steps(over: input[1])
        columns = geometry.steps(over: input[2])
        let fitting = target / (input[2] * block.width)
        height = max(1, min(rows.output, (fitting - geometry.kernelSize) / geometry.stride + 1))
        count = (rows.output + height - 1) / height
    }

    /// Input rows a strip, at most.
    var inputRows: Int { min(inputHeight, (height - 1) * geometry.stride + geometry.kernelSize) }

    /// The rows of the output that a strip makes; strips differ by at most one row.
    func outputRows(_ strip: Int) -> Range<Int> {
        (rows.output * strip / count)..<(rows.output * (strip + 1) / count)
    }

    /// The rows of the input that some rows of the output need, as far as the picture goes.
    func inputRows(for output: Range<Int>) -> Range<Int> {
        let first = max(0, output.lowerBound * geometry.stride - rows.before)
        let last = (output.upperBound - 1) * geometry.stride - rows.before + geometry.kernelSize
        return first..<min(inputHeight, last)
    }

    /// How many rows of zeros stand above the first input row.
    func padding(above output: Range<Int>, _ input: Range<Int>) -> Int {
        input.lowerBound - output.lowerBound * geometry.stride + rows.before
    }
}
