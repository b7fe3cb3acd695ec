internal import GlimpseTensor

/// A dense convolution with a bias, "same" padding and an activation.
///
/// x: [B, Y, X, C] → [B, ⌈Y/stride⌉, ⌈X/stride⌉, N]. Weights are stored as PyTorch stores them, [N, C, kernel, kernel].
struct Convolution: Sendable {
    private let weights: PackedMatrix
    private let bias: Tensor
    private let geometry: ConvolutionGeometry
    private let activation: Activation

    init(
        _ scope: WeightScope, inputs: Int, outputs: Int, geometry: ConvolutionGeometry, activation: Activation,
        on compute: Compute
    ) throws {
        let size = geometry.kernelSize
        let stored = try scope.tensor("weight", [outputs, inputs, size, size])
        let channelsLast = stored.movingChannelsLast().reshaped(to: [outputs, size * size * inputs])
        weights = PackedMatrix(channelsLast, on: compute)
        bias = try scope.tensor("bias", [outputs])
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

extension Tensor {
    /// [N, C, Y, X] → [N, Y, X, C]. Done once for the weights of a layer, so it is written for reading.
    fileprivate func movingChannelsLast() -> Tensor {
        let outputs = shape[0]
        let channels = shape[1]
        let pixels = shape[2] * shape[3]
        return withUnsafeScalars { source in
            var moved: [Float] = []
            moved.reserveCapacity(source.count)
            for output in 0..<outputs {
                for pixel in 0..<pixels {
                    for channel in 0..<channels { moved.append(source[(output * channels + channel) * pixels + pixel]) }
                }
            }
            return Tensor(shape: [outputs, shape[2], shape[3], channels], scalars: moved)
        }
    }
}
