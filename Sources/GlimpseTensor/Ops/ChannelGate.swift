internal import CKernels
internal import Foundation

extension Compute {
    /// activation(x · sigmoid(gates)): every channel of a picture multiplied by a number of its own, 0…1.
    ///
    /// - Parameters:
    ///   - x: [B, Y, X, C].
    ///   - gates: [B, C].
    /// - Returns: [B, Y, X, C].
    public func channelGate(_ x: Tensor, gates: Tensor, activation: Activation = .none) -> Tensor {
        precondition(
            x.shape.rank == 4 && gates.shape == [x.shape[0], x.shape[3]],
            "channelGate: x \(x.shape), gates \(gates.shape)")
        let (rows, channels) = (x.shape[1], x.shape[3])
        let factors = tensor(gates.shape) { factors in
            for index in 0..<gates.count { factors[index] = 1 / (1 + exp(-gates.pointer[index])) }
        }
        return tensor(x.shape) { result in
            overRows(x.shape[0] * rows, atLeast: 4) { [kernels] range, _ in
                for row in range {
                    // A convolution of each channel by itself whose kernel is one pixel: the factors of the row's
                    // picture.
                    let start = row * x.shape[2] * channels
                    var job = ck_depthwise(
                        input: x.pointer + start, ldi: channels, weights: factors.pointer + row / rows * channels,
                        ldw: channels, bias: nil, output: result + start, ldo: channels, in_y: 1, in_x: x.shape[2],
                        channels: channels, out_y: 1,
                        out_x: x.shape[2], kernel_y: 1, kernel_x: 1, stride: 1, top: 0, left: 0,
                        activation: activation.kernel)
                    kernels.depthwise(&job, 0, 1)
                }
            }
        }
    }
}
