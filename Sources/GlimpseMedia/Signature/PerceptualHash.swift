/// 64 bits that change little when a picture is encoded, scaled or brightened differently.
///
/// pHash: the 8 × 8 lowest frequencies of the luma's 32 × 32 DCT-II, each bit whether one is above their median (C. Zauner,
/// "Implementation and Benchmarking of Perceptual Image Hash Functions", 2010; bits in the order of the Python package imagehash).
public struct PerceptualHash: Hashable, Sendable {
    /// Bit 8v + u is the frequency u along the rows, v down the columns.
    public let bits: UInt64

    /// Takes a hash that was computed before.
    public init(bits: UInt64) {
        self.bits = bits
    }

    /// How many of the 64 bits differ.
    public func distance(to other: PerceptualHash) -> Int { (bits ^ other.bits).nonzeroBitCount }

    /// Sets the bits of the frequencies that are above the median.
    init(_ frequencies: [Float]) {
        let sorted = frequencies.sorted()
        let median = (sorted[sorted.count / 2 - 1] + sorted[sorted.count / 2]) / 2
        var bits: UInt64 = 0
        for (index, value) in frequencies.enumerated() where value > median { bits |= 1 << UInt64(index) }
        self.bits = bits
    }
}

extension PictureSignature {
    /// The picture's perceptual hash.
    public var hash: PerceptualHash { PerceptualHash(LowFrequencies(of: bytes).upright(from: .up)) }

    /// The hashes of the picture turned upright from each orientation, in the order of `Orientation.allCases`: the picture itself,
    /// its quarter turns and its mirror images, out of one transform.
    public var hashesOfAllOrientations: [PerceptualHash] {
        let frequencies = LowFrequencies(of: bytes)
        return Orientation.allCases.map { PerceptualHash(frequencies.upright(from: $0)) }
    }
}
