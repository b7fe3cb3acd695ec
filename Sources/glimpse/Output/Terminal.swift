import Foundation

/// What standard output and standard error are connected to.
enum Terminal {
    static var outputIsTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
    static var errorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// Colours are for people: only on a terminal, and not when `NO_COLOR` (https://no-color.org) asks for none.
    static let outputHasColor: Bool = {
        let environment = ProcessInfo.processInfo.environment
        return outputIsTerminal && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
    }()

    /// The text dimmed, where colours are shown.
    static func dim(_ text: String) -> String { outputHasColor ? "\u{1B}[2m\(text)\u{1B}[0m" : text }

    /// The text in bold, where colours are shown.
    static func bold(_ text: String) -> String { outputHasColor ? "\u{1B}[1m\(text)\u{1B}[0m" : text }
}
