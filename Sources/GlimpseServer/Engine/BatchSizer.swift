/// Decides how many inputs go into one pass of a model: as many as can be expected to be done in time.
///
/// Nothing waits for company: a batch is what has gathered while the passes before it ran. A long batch would make those wait that
/// come just after it has begun, so its length is bounded by what inputs took lately.
package struct BatchSizer: Sendable {
    /// How long a batch may take, in seconds.
    package let bound: Double
    /// More than so many inputs gain nothing.
    package let maximum: Int
    /// What an input took lately, in seconds: a moving average.
    package private(set) var secondsPerInput: Double?

    /// The share of the newest measurement in the average.
    private static let weight = 0.2

    package init(bound: Duration, maximum: Int) {
        self.bound = bound / .seconds(1)
        self.maximum = maximum
    }

    /// How many inputs may go together, at least one.
    package var limit: Int {
        guard let secondsPerInput, secondsPerInput > 0 else { return maximum }
        return max(1, Int(min(Double(maximum), bound / secondsPerInput)))
    }

    /// Takes note of how long a batch took.
    package mutating func record(_ duration: Duration, inputs count: Int) {
        guard count > 0 else { return }
        let measured = duration / .seconds(1) / Double(count)
        secondsPerInput = secondsPerInput.map { $0 + Self.weight * (measured - $0) } ?? measured
    }
}
