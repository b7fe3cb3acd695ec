internal import CKernels

extension Compute {
    /// Bytes of pictures to numbers: value / 255, less the mean, over the standard deviation of each channel.
    ///
    /// - Parameters:
    ///   - count: B, how many pictures there are.
    ///   - mean: one number a channel, in 0…1.
    ///   - standardDeviation: one number a channel, in 0…1.
    ///   - lend: lends the bytes of a picture, Y · X · 3 (red, green, blue), to the closure it is given, which it calls once.
    /// - Returns: [B, Y, X, 3].
    public func normalizePixels(
        count: Int, height: Int, width: Int, mean: [Float], standardDeviation: [Float],
        lend: (_ picture: Int, _ use: (UnsafeRawBufferPointer) -> Void) -> Void
    ) -> Tensor {
        precondition(mean.count == 3 && standardDeviation.count == 3, "normalizePixels: three channels")
        let scale = standardDeviation.map { 1 / (255 * $0) }
        let offset = zip(mean, standardDeviation).map { -$0 / $1 }
        let size = height * width * 3
        return tensor([count, height, width, 3]) { result in
            for picture in 0..<count {
                lend(picture) { bytes in
                    precondition(bytes.count == size, "normalizePixels: \(bytes.count) bytes, expected \(size)")
                    guard let base = bytes.bindMemory(to: UInt8.self).baseAddress else { return }
                    kernels.normalize_rgb(base, height * width, scale, offset, result + picture * size)
                }
            }
        }
    }
}
