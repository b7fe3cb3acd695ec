extension Compute {
    /// Cuts pictures in squares that do not overlap, each as one row: what a convolution of stride = kernel size multiplies.
    ///
    /// What is left at the right and at the bottom, less than a square, is dropped.
    ///
    /// - Parameters:
    ///   - x: [B, Y, X, C].
    ///   - size: P, the side of a square in pixels; at most Y and X.
    /// - Returns: [B · ⌊Y/P⌋ · ⌊X/P⌋, P · P · C], squares row by row; within a square the order is row, column, channel.
    public func patches(_ x: Tensor, size: Int) -> Tensor {
        precondition(
            x.shape.rank == 4 && size > 0 && size <= x.shape[1] && size <= x.shape[2],
            "patches: x \(x.shape), squares of \(size)")
        let (height, width, channels) = (x.shape[1], x.shape[2], x.shape[3])
        let (rows, columns) = (height / size, width / size)
        let rowWidth = size * channels
        return tensor([x.shape[0] * rows * columns, size * rowWidth]) { result in
            overRows(x.shape[0] * rows, atLeast: 4) { range, _ in
                for band in range {
                    let top = x.pointer + (band / rows * height + band % rows * size) * width * channels
                    for column in 0..<columns {
                        let patch = result + (band * columns + column) * size * rowWidth
                        for row in 0..<size {
                            (patch + row * rowWidth).update(
                                from: top + (row * width + column * size) * channels, count: rowWidth)
                        }
                    }
                }
            }
        }
    }
}
