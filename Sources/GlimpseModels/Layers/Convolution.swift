internal import GlimpseTensor

/// A dense convolution with a bias and an activation.
///
/// x: [B, Y, X, C] → [B, Y', X', N], as many rows and columns as the geometry steps.
struct Convolution: Sendable {
    private let weights: PackedMatrix
    private let bias: Tensor
    private let geometry: ConvolutionGeometry
    private let activation: Activation

    /// A convolution with TensorFlow's padding, whose weights are stored as PyTorch stores them.
    init(
        _ scope: WeightScope, inputs: Int, outputs: Int, geometry: ConvolutionGeometry, activation: Activation,
        on compute: Compute
    ) throws {
        let stored = try ConvolutionWeights(
            scope, outputs: outputs, inputs: inputs, kernelSize: geometry.kernelSize)
        self.init(stored, geometry: geometry, activation: activation, on: compute)
    }

    /// A convolution with PyTorch's padding.
    ///
    /// - Parameter padding: pixels on each side; by default so many that a stride of 1 keeps the size.
    init(
        _ weights: ConvolutionWeights, stride: Int = 1, padding: Int? = nil, activation: Activation = .none,
        on compute: Compute
    ) {
        let geometry = ConvolutionGeometry(
            kernelSize: weights.kernelSize, stride: stride, padding: .symmetric(padding ?? weights.kernelSize / 2))
        self.init(weights, geometry: geometry, activation: activation, on: compute)
    }

    private init(
        _ weights: ConvolutionWeights, geometry: ConvolutionGeometry, activation: Activation, on compute: Compute
    ) {
        self.weights = PackedMatrix(weights.dense, on: compute)
        bias = weights.biasTensor
        self.geometry = geometry
        self.activation = activation
    }

    func callAsFunction(_ x: Tensor, on compute: Compute) -> Tensor {
        // A 1×1 convolution is a matrix multiply over the pixels.
        if geometry.kernelSize == 1 && geometry.stride == 1 {
            return compute.matrixMultiply(x, weights, bias: bias, activation: activation)
        }
        return compute.convolution(x, weights, geometry: geometry, bias: bias, activation: activation)
    }
}

/// A convolution of each channel by itself, or of several outputs from each channel, with PyTorch's padding, a bias and
/// an activation.
///
/// x: [B, Y, X, C] → [B, ⌈Y/stride⌉, ⌈X/stride⌉, N], where N is a multiple of C; the kernel has an odd number of rows.
struct DepthwiseConvolution: Sendable {
    private let weights: Tensor
    private let bias: Tensor
    private let geometry: ConvolutionGeometry
    private let activation: Activation

    init(_ weights: ConvolutionWeights, stride: Int = 1, activation: Activation = .none) {
        self.weights = weights.depthwise
        bias = weights.biasTensor
        geometry = ConvolutionGeometry(
            kernelSize: weights.kernelSize, stride: stride, padding: .symmetric(weights.kernelSize / 2))
        self.activation = activation
    }

    func callAsFunction(_ x: Tensor, on compute: Compute) -> Tensor {
        compute.depthwiseConvolution(x, weights, geometry: geometry, bias: bias, activation: activation)
    }
}
