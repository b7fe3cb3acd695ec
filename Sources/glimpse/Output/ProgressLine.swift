import Foundation
import Synchronization

/// One line on standard error that tells how far something is: count, share, rate and time left. Shown only on a terminal.
final class ProgressLine: Sendable {
    private let isShown: Bool
    private let unit: Unit
    private let start = ContinuousClock.now
    private let isOnScreen = Mutex(false)

    /// What is counted.
    enum Unit: Hashable, Sendable {
        case bytes
        /// Things, in the plural: "pictures".
        case things(String)

        func text(_ count: Int) -> String {
            switch self {
            case .bytes: count.formatted(.byteCount(style: .file))
            case .things: count.formatted()
            }
        }

        func text(rate: Double) -> String {
            switch self {
            case .bytes: text(Int(rate))
            case .things: rate.formatted(.number.precision(.fractionLength(rate < 10 ? 1 : 0)))
            }
        }

        /// What follows a number of them.
        var name: String {
            switch self {
            case .bytes: ""
            case .things(let name): " " + name
            }
        }
    }

    init(unit: Unit, notes: Notes) {
        self.unit = unit
        isShown = notes.level > .quiet && Terminal.errorIsTerminal
    }

    /// Shows the state in place of the one before.
    ///
    /// - Parameter worked: of the completed, those that took work; what is passed over tells nothing of the time left.
    func show(_ completed: Int, of total: Int, worked: Int? = nil) {
        guard isShown else { return }
        draw(
            Self.text(completed, of: total, worked: worked ?? completed, unit: unit, elapsed: start.duration(to: .now)))
    }

    /// Shows how many have been found so far.
    func showFound(_ count: Int) {
        guard isShown else { return }
        draw("\(unit.text(count))\(unit.name) found")
    }

    /// Removes the line.
    func clear() {
        let wasOnScreen = isOnScreen.withLock { shown in
            defer { shown = false }
            return shown
        }
        if wasOnScreen { StandardError.write("\r\u{1B}[K") }
    }

    private func draw(_ text: String) {
        isOnScreen.withLock { $0 = true }
        StandardError.write("\r\u{1B}[K\(text)")
    }

    static func text(_ completed: Int, of total: Int, worked: Int, unit: Unit, elapsed: Duration) -> String {
        guard total > 0 else { return "" }
        let share = min(100, 100 * completed / total)
        var parts = ["\(unit.text(completed)) of \(unit.text(total))\(unit.name)", "\(share) %"]
        let seconds = elapsed / .seconds(1)
        if worked > 0, seconds > 0.5 {
            let rate = Double(worked) / seconds
            parts.append("\(unit.text(rate: rate)) a second")
            if completed < total { parts.append("\(timeLeft(Double(total - completed) / rate)) left") }
        }
        return parts.joined(separator: "  ·  ")
    }

    static func timeLeft(_ seconds: Double) -> String {
        switch seconds {
        case ..<90: "\(max(1, Int(seconds.rounded()))) s"
        case ..<5400: "\(Int((seconds / 60).rounded())) min"
        default: "\(Int((seconds / 3600).rounded())) h"
        }
    }
}
