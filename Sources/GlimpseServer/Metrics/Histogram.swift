/// How often values fell below each of some bounds.
struct Histogram: Sendable {
    /// Ascending.
    let bounds: [Double]
    /// How many values were at most each bound, and more than the one before.
    private(set) var counts: [Int]
    /// How many values there were.
    private(set) var count = 0
    /// What they add up to.
    private(set) var sum = 0.0

    init(bounds: [Double]) {
        self.bounds = bounds
        counts = Array(repeating: 0, count: bounds.count)
    }

    /// Takes a value.
    mutating func record(_ value: Double) {
        count += 1
        sum += value
        if let place = bounds.firstIndex(where: { value <= $0 }) { counts[place] += 1 }
    }
}
