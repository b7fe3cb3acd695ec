import Foundation

/// Where results go.
///
/// A reader that has seen enough (`| head`) ends the command quietly, as with any good filter.
struct StandardOutput: Sendable {
    /// Writes text as it is.
    func write(_ text: String) throws {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes(writeToStandardOutput)
            if written >= 0 {
                bytes = bytes.dropFirst(written)
            } else if errno == EPIPE {
                exit(0)
            } else if errno != EINTR {
                throw OutputError(message: String(cString: strerror(errno)))
            }
        }
    }

    /// Writes a line.
    func writeLine(_ text: String) throws { try write(text + "\n") }

    /// Lets a closed pipe be seen as an error of `write`, not as a signal that kills.
    static func prepare() { signal(SIGPIPE, SIG_IGN) }
}

/// The system call, out of reach of the method of the same name.
private func writeToStandardOutput(_ bytes: UnsafeRawBufferPointer) -> Int {
    write(STDOUT_FILENO, bytes.baseAddress, bytes.count)
}

/// Results cannot be written.
struct OutputError: Error, CustomStringConvertible {
    let message: String
    var description: String { "standard output cannot be written: \(message)" }
}
