internal import CKernels

extension Compute {
    /// The mean of the rows of each picture: global average pooling.
    ///
    /// - Parameter x: [B, Y, X, C].
    /// - Returns: [B, C].
    public func meanOverPixels(_ x: Tensor) -> Tensor {
        precondition(x.shape.rank == 4, "meanOverPixels: x \(x.shape), expected [B, Y, X, C]")
        let pixels = x.shape[1] * x.shape[2]
        let offsets = (0...x.shape[0]).map { $0 * pixels }
        return meanOverSequences(x.reshaped(to: [x.shape[0] * pixels, x.shape[3]]), offsets: offsets)
    }

    /// The mean of the rows of each of several packed sequences.
    ///
    /// - Parameters:
    ///   - x: [S, D].
    ///   - offsets: where each sequence starts, and the end: B + 1 numbers from 0 to S, none less than the one before.
    /// - Returns: [B, D].
    public func meanOverSequences(_ x: Tensor, offsets: [Int]) -> Tensor {
        let width = x.shape[-1]
        precondition(
            x.shape.rank == 2 && offsets.first == 0 && offsets.last == x.shape[0]
                && zip(offsets, offsets.dropFirst()).allSatisfy(<=),
            "meanOverSequences: x \(x.shape), offsets \(offsets)")
        return tensor([offsets.count - 1, width]) { result in
            overRows(offsets.count - 1, atLeast: 4) { [kernels] sequences, _ in
                for sequence in sequences {
                    let start = offsets[sequence]
                    kernels.mean_rows(
                        x.pointer + start * width, width, offsets[sequence + 1] - start, width,
                        result + sequence * width)
                }
            }
        }
    }
}
