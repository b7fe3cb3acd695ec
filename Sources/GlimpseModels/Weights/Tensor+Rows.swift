internal import GlimpseTensor

/// Parts of stored weights. Done once while a model is made, so they are written for reading.
extension Tensor {
    /// The first `count` of the tensor's first extent.
    func firstRows(_ count: Int) -> Tensor { slice(0..<count) }

    /// The last `count` of the tensor's first extent.
    func lastRows(_ count: Int) -> Tensor { slice((shape[0] - count)..<shape[0]) }

    /// Tensors that differ in the first extent only, one after the other along it.
    init(joining parts: [Tensor]) {
        let first = parts.reduce(0) { $0 + $1.shape[0] }
        self.init(
            shape: Shape([first] + (parts.first?.shape.dimensions.dropFirst() ?? [])),
            scalars: parts.flatMap(\.scalars))
    }

    /// Every row multiplied by a number of its own; a row of a vector is one number.
    func multiplyingRows(by factors: Tensor) -> Tensor {
        let rowWidth = count / shape[0]
        let numbers = factors.scalars
        return Tensor(
            shape: shape, scalars: scalars.enumerated().map { index, value in value * numbers[index / rowWidth] })
    }

    /// [N, C, Y, X] → [N, Y, X, C]. Done once for the weights of a layer, so it is written for reading.
    func movingChannelsLast() -> Tensor {
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
