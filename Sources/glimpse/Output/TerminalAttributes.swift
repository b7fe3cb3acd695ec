import Foundation

/// What a terminal answers when it is asked for its device attributes (DA1).
enum TerminalAttributes {
    /// Attribute 4: sixel graphics.
    static var hasSixels: Bool { answer()?.split(separator: ";").contains("4") ?? false }

    /// The terminal's attributes; nil when it does not answer within a fifth of a second.
    private static func answer() -> Substring? {
        let terminal = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard terminal >= 0 else { return nil }
        defer { close(terminal) }
        var settings = termios()
        guard tcgetattr(terminal, &settings) == 0 else { return nil }
        var raw = settings
        cfmakeraw(&raw)
        guard tcsetattr(terminal, TCSANOW, &raw) == 0 else { return nil }
        defer { tcsetattr(terminal, TCSANOW, &settings) }
        guard Descriptor.write("\u{1B}[c", to: terminal) == 0 else { return nil }
        var text = ""
        while !text.hasSuffix("c") {
            var request = pollfd(fd: terminal, events: Int16(POLLIN), revents: 0)
            var byte: UInt8 = 0
            guard poll(&request, 1, 200) > 0, read(terminal, &byte, 1) == 1, text.utf8.count < 64 else { return nil }
            text.unicodeScalars.append(Unicode.Scalar(byte))
        }
        // ESC [ ? 6 2 ; 4 c
        return text.firstIndex(of: "?").map { text[text.index(after: $0)...].dropLast() }
    }
}
