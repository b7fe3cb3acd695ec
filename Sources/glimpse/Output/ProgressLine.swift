import Foundation
import Synchronization

/// One line on standard error that tells how far something is: count, share, rate and time left. Shown only on a terminal.
final class ProgressLine: Sendable {
    private let isShown: Bool
    private let unit: String
    private let start = ContinuousClock.now
    private let isOnScreen = Mutex(false)

    /// - Parameter unit: what is counted, in the plural: "pictures".
    init(unit: String, notes: Notes) {
        self.unit = unit
        isShown = notes.level > .quiet && Terminal.errorIsTerminal
    }

    /// Shows the state in place of the one before.
    func show(_ completed: Int, of total: Int) {
        guard isShown else { return }
        draw(Self.text(completed, of: total, unit: unit, elapsed: start.duration(to: .now)))
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

    static func text(_ completed: Int, of total: Int, unit: String, elapsed: Duration) -> String {
        guard total > 0 else { return "" }
        let share = min(100, 100 * completed / total)
        var parts = ["\(completed.formatted()) of \(total.formatted()) \(unit)", "\(share) %"]
        let seconds = elapsed / .seconds(1)
        if completed > 0, seconds > 0.5 {
            let rate = Double(completed) / seconds
            parts.append("\(rate.formatted(.number.precision(.fractionLength(rate < 10 ? 1 : 0)))) a second")
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
