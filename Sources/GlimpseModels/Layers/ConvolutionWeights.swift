internal import GlimpseTensor

/// The weights of a convolution as libraries store them, while a model is read: what stands before, after and beside it
/// is folded in.
///
/// Ding et al., "RepVGG: Making VGG-style ConvNets Great Again", 2021: branches that are convolutions of the same
/// picture with the same stride are one convolution.
struct ConvolutionWeights: Sendable {
    /// N.
    let outputs: Int
    /// I, how many channels an output sees: all of them, or one where each channel is seen by itself.
    let inputs: Int
    /// Rows and columns of the kernel.
    let kernelSize: Int
    /// [N, I, kernelSize, kernelSize], row-major.
    private var kernel: [Float]
    /// [N].
    private var bias: [Float]

    /// A convolution that is stored with a bias.
    init(_ scope: WeightScope, outputs: Int, inputs: Int, kernelSize: Int) throws {
        try self.init(withoutBias: scope, outputs: outputs, inputs: inputs, kernelSize: kernelSize)
        bias = try scope.tensor("bias", [outputs]).scalars
    }

    /// A convolution that is stored without a bias.
    init(withoutBias scope: WeightScope, outputs: Int, inputs: Int, kernelSize: Int) throws {
        self.outputs = outputs
        self.inputs = inputs
        self.kernelSize = kernelSize
        kernel = try scope.tensor("weight", [outputs, inputs, kernelSize, kernelSize]).scalars
        bias = Array(repeating: 0, count: outputs)
    }

    /// A convolution without a bias, and the batch normalisation after it.
    init(_ convolution: WeightScope, norm: WeightScope, outputs: Int, inputs: Int, kernelSize: Int) throws {
        let bare = try ConvolutionWeights(
            withoutBias: convolution, outputs: outputs, inputs: inputs, kernelSize: kernelSize)
        self = bare.normalized(by: try BatchNorm(norm, width: outputs))
    }

    /// The convolution that changes nothing: as many outputs as channels, which see `inputs` channels each.
    init(identity channels: Int, inputs: Int, kernelSize: Int = 1) {
        outputs = channels
        self.inputs = inputs
        self.kernelSize = kernelSize
        let taps = kernelSize * kernelSize
        kernel = Array(repeating: 0, count: channels * inputs * taps)
        bias = Array(repeating: 0, count: channels)
        for channel in 0..<channels {
            kernel[(channel * inputs + channel % inputs) * taps + taps / 2] = 1
        }
    }

    /// Followed by a batch normalisation.
    func normalized(by norm: BatchNorm) -> ConvolutionWeights {
        var result = scaled(by: norm.scale)
        for output in 0..<outputs { result.bias[output] += norm.shift[output] }
        return result
    }

    /// Followed by a multiplication of each output.
    func scaled(by factors: [Float]) -> ConvolutionWeights {
        var result = self
        let rowWidth = kernel.count / outputs
        for output in 0..<outputs {
            for tap in (output * rowWidth)..<((output + 1) * rowWidth) { result.kernel[tap] *= factors[output] }
            result.bias[output] *= factors[output]
        }
        return result
    }

    /// The convolution whose outputs are the sums of both; the smaller kernel stands in the middle of the larger.
    ///
    /// Both have as many outputs and inputs, and kernels that differ by an even number of pixels.
    static func + (first: ConvolutionWeights, second: ConvolutionWeights) -> ConvolutionWeights {
        guard first.kernelSize >= second.kernelSize else { return second + first }
        precondition(
            first.outputs == second.outputs && first.inputs == second.inputs
                && (first.kernelSize - second.kernelSize) % 2 == 0,
            "ConvolutionWeights: \(first.shape) and \(second.shape)")
        var sum = first
        let (size, smaller) = (first.kernelSize, second.kernelSize)
        let border = (size - smaller) / 2
        for plane in 0..<(first.outputs * first.inputs) {
            for row in 0..<smaller {
                for column in 0..<smaller {
                    sum.kernel[(plane * size + border + row) * size + border + column] +=
                        second.kernel[(plane * smaller + row) * smaller + column]
                }
            }
        }
        for output in 0..<first.outputs { sum.bias[output] += second.bias[output] }
        return sum
    }

    /// The convolution whose outputs are the differences of both.
    static func - (first: ConvolutionWeights, second: ConvolutionWeights) -> ConvolutionWeights {
        first + second.scaled(by: Array(repeating: -1, count: second.outputs))
    }

    private var shape: [Int] { [outputs, inputs, kernelSize, kernelSize] }

    /// The kernel as a dense convolution multiplies it, [N, kernelSize · kernelSize · I].
    var dense: Tensor {
        Tensor(shape: Shape(shape), scalars: kernel).movingChannelsLast()
            .reshaped(to: [outputs, kernelSize * kernelSize * inputs])
    }

    /// The kernel of outputs that see one channel each, [kernelSize, kernelSize, N].
    var depthwise: Tensor {
        precondition(inputs == 1, "ConvolutionWeights: outputs that see \(inputs) channels are not depthwise")
        return Tensor(shape: [outputs, kernelSize * kernelSize], scalars: kernel).transposed()
            .reshaped(to: [kernelSize, kernelSize, outputs])
    }

    /// [N].
    var biasTensor: Tensor { Tensor(shape: [outputs], scalars: bias) }
}
