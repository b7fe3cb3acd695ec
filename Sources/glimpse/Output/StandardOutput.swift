import Foundation

/// Where results go.
///
/// A reader that has seen enough (`| head`) ends the command quietly, as with any good filter.
struct StandardOutput: Sendable {
    /// Writes text as it is.
    func write(_ text: String) throws {
        switch Descriptor.write(text, to: STDOUT_FILENO) {
        case 0: return
        case EPIPE: exit(0)
        case let error: throw OutputError(message: String(cString: strerror(error)))
        }
    }

    /// Writes a line.
    func writeLine(_ text: String) throws { try write(text + "\n") }

    /// Lets a closed pipe be seen as an error of `write`, not as a signal that kills.
    static func prepare() { signal(SIGPIPE, SIG_IGN) }
}

/// Results cannot be written.
struct OutputError: Error, CustomStringConvertible {
    let message: String
    var description: String { "standard output cannot be written: \(message)" }
}
