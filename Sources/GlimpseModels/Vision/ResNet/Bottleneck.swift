internal import GlimpseTensor

/// A residual block that narrows, filters and widens: relu(widen(filter(narrow(x))) + shortcut(x)).
///
/// x: [B, Y, X, inputs] → [B, Y/stride, X/stride, 4 · width]. A stride is an average pooling before the last
/// convolution of either branch.
struct Bottleneck: Sendable {
    /// How many times wider a block's output is than what it filters.
    static let expansion = 4

    private let narrow: Convolution
    private let filter: Convolution
    private let widen: Convolution
    private let stride: Int
    private let shortcut: Convolution?

    /// - Parameter isFirst: whether the block is the first of its stage, where the shortcut has a convolution.
    init(_ scope: WeightScope, inputs: Int, width: Int, stride: Int, isFirst: Bool, on compute: Compute) throws {
        func weights(_ convolution: String, _ norm: String, _ outputs: Int, _ inputs: Int, _ kernelSize: Int) throws
            -> ConvolutionWeights
        {
            try ConvolutionWeights(
                scope.scope(convolution), norm: scope.scope(norm), outputs: outputs, inputs: inputs,
                kernelSize: kernelSize)
        }
        self.stride = stride
        let outputs = Self.expansion * width
        narrow = Convolution(try weights("conv1", "bn1", width, inputs, 1), activation: .relu, on: compute)
        filter = Convolution(try weights("conv2", "bn2", width, width, 3), activation: .relu, on: compute)
        widen = Convolution(try weights("conv3", "bn3", outputs, width, 1), on: compute)
        shortcut =
            isFirst
            ? Convolution(try weights("downsample.0", "downsample.1", outputs, inputs, 1), on: compute) : nil
    }

    func callAsFunction(_ x: Tensor, on compute: Compute) -> Tensor {
        func smaller(_ x: Tensor) -> Tensor { stride == 1 ? x : compute.averagePooling(x, size: stride) }
        let branch = widen(smaller(filter(narrow(x, on: compute), on: compute)), on: compute)
        return compute.rectifiedSum(branch, shortcut.map { $0(smaller(x), on: compute) } ?? x)
    }
}
