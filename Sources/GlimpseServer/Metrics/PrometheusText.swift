/// Writes Prometheus' text format, version 0.0.4.
package struct PrometheusText {
    /// The kinds of metrics.
    package enum Kind: String {
        case counter, gauge, histogram
    }

    /// What is written so far.
    package private(set) var text = ""

    /// Nothing yet.
    package init() {}

    /// Begins a metric.
    package mutating func header(_ name: String, _ help: String, _ kind: Kind) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
    }

    /// Writes a value.
    package mutating func sample(_ name: String, _ labels: [(String, String)], _ value: Double) {
        let list = labels.map { "\($0)=\"\(Self.escaped($1))\"" }.joined(separator: ",")
        let number = value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
        text += name + (list.isEmpty ? "" : "{\(list)}") + " \(number)\n"
    }

    /// Writes the buckets, the sum and the count of a histogram.
    package mutating func histogram(_ name: String, _ labels: [(String, String)], _ histogram: Histogram) {
        var below = 0
        for (bound, count) in zip(histogram.bounds, histogram.counts) {
            below += count
            sample(name + "_bucket", labels + [("le", "\(bound)")], Double(below))
        }
        sample(name + "_bucket", labels + [("le", "+Inf")], Double(histogram.count))
        sample(name + "_sum", labels, histogram.sum)
        sample(name + "_count", labels, Double(histogram.count))
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}
