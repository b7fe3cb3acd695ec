internal import Foundation

/// Files that people write lists in.
enum TextLines {
    /// The lines of a file without the blank ones and those that start with `#`.
    ///
    /// - Parameter content: what the lines are, in the plural, for the message when the file cannot be read.
    /// - Throws: `TaskError` when it cannot be read or is not UTF-8.
    static func read(_ file: URL, as content: String) throws -> [String] {
        let text: String
        do {
            text = try String(contentsOf: file, encoding: .utf8)
        } catch {
            throw TaskError(
                .unreadableFile,
                "\(file.path(percentEncoded: false)): the \(content) cannot be read: \(error.localizedDescription)")
        }
        return text.split(whereSeparator: \.isNewline)
            .filter { !$0.hasPrefix("#") }
            .map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty }
    }
}
