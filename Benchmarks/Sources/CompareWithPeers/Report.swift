import Foundation

/// The table, in Markdown.
enum Report {
    static let header = """
        | | ours, ms | peer, ms | ratio: min | median | p90 | target | peer's file | lowest cosine |
        |---|---:|---:|---:|---:|---:|---:|---|---:|
        """

    static func row(_ result: Comparison.Result) -> String {
        let ratios = result.ratios
        let cells = [
            result.workload.name,
            milliseconds(result.rounds.map(\.ours)), milliseconds(result.rounds.map(\.peers)),
            number(ratios[0]), number(median(ratios)), number(ratios[(ratios.count - 1) * 9 / 10]),
            verdict(median(ratios), result.workload.target),
            result.model, String(format: "%.6f", result.agreement),
        ]
        return "| " + cells.joined(separator: " | ") + " |"
    }

    private static func verdict(_ ratio: Double, _ target: Double?) -> String {
        guard let target else { return "" }
        return String(format: "≥ %g", target) + (ratio >= target ? "" : ", missed")
    }

    private static func milliseconds(_ seconds: [Double]) -> String {
        number(median(seconds.sorted()) * 1000)
    }

    private static func number(_ value: Double) -> String { String(format: "%.2f", value) }

    private static func median(_ sorted: [Double]) -> Double { sorted[sorted.count / 2] }
}
