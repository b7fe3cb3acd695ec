/// One channel of the pixels of a BMP file: some bits of a number of up to 32.
struct BitmapChannel {
    private let shift: Int
    private let mask: UInt32
    /// The level for each value of the bits.
    private let levels: [UInt8]

    /// A channel in the bits of `mask`, which are side by side; with none of them set every level is 0.
    ///
    /// Levels are spread over 0…255 and rounded down, as Pillow does. Of more than eight bits the upper eight count.
    init(mask: UInt32) throws {
        let count = mask.nonzeroBitCount
        let lowest = mask == 0 ? 0 : mask.trailingZeroBitCount
        guard mask >> lowest == UInt32(truncatingIfNeeded: UInt64(1) << count - 1) else { throw BitmapFailure.damaged }
        let kept = min(count, 8)
        shift = lowest + count - kept
        self.mask = 1 << kept - 1
        levels = (0..<1 << kept).map { kept == 0 ? 0 : UInt8($0 * 255 / (1 << kept - 1)) }
    }

    /// The level in `pixel`.
    func level(_ pixel: UInt32) -> UInt8 { levels[Int(pixel >> UInt32(shift) & mask)] }
}
