/// What is said beside the results, on standard error.
struct Notes: Sendable {
    enum Level: Int, Comparable, Sendable {
        case quiet, normal, verbose

        static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
    }

    let level: Level

    /// Said unless the user wants results only.
    func note(_ text: String) { if level > .quiet { write(text) } }

    /// Said when the user wants to know more.
    func verbose(_ text: String) { if level == .verbose { write(text) } }

    /// Said always: something is wrong.
    func warn(_ text: String) { write("glimpse: " + text) }

    private func write(_ text: String) {
        StandardError.write(text + "\n")
    }
}
