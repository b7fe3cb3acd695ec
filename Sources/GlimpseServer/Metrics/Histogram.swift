/// How often values fell below each of some bounds.
package struct Histogram: Sendable {
    /// Ascending.
    package let bounds: [Double]
    /// How many values were at most each bound, and more than the one before.
    package private(set) var counts: [Int]
    /// How many values there were.
    package private(set) var count = 0
    /// What they add up to.
    package private(set) var sum = 0.0

    package init(bounds: [Double]) {
        self.bounds = bounds
        counts = Array(repeating: 0, count: bounds.count)
    }

    /// Takes a value.
    package mutating func record(_ value: Double) {
        count += 1
        sum += value
        if let place = bounds.firstIndex(where: { value <= $0 }) { counts[place] += 1 }
    }
}
