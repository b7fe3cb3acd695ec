/// Bounds how many decoded pixels are in memory at the same time, however many workers there are.
///
/// One panorama of 250 megapixels takes 0.75 GB decoded; a worker a core would each take as much. Workers wait here until
/// there is room; a picture that alone is larger than the budget waits until it is alone.
public actor PixelBudget {
    /// 256 megapixels: the largest picture that is decoded, or some twenty photographs of 12 megapixels.
    public static let standardLimit = 256_000_000

    private let limit: Int
    private var used = 0
    /// First come, first served, so that large pictures are not overtaken for ever.
    private var waiting: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []

    /// Makes a budget of so many pixels.
    public init(limit: Int = PixelBudget.standardLimit) {
        self.limit = limit
    }

    /// Waits for room for `count` pixels. What was taken must be given back.
    package func take(_ count: Int) async {
        if waiting.isEmpty && fits(count) {
            used += count
            return
        }
        await withCheckedContinuation { waiting.append((count, $0)) }
    }

    /// Gives room back.
    package func give(_ count: Int) {
        used -= count
        while let next = waiting.first, fits(next.count) {
            waiting.removeFirst()
            used += next.count
            next.continuation.resume()
        }
    }

    private func fits(_ count: Int) -> Bool { used == 0 || used + count <= limit }
}
