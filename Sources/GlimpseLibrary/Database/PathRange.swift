import GRDB

/// A path and all that lies in it, as a range of the index of paths: what is in a folder follows its path with a slash, and comes
/// before what follows it with the next character.
struct PathRange {
    let arguments: StatementArguments

    /// - Parameter path: Absolute, without a slash at the end.
    init(_ path: String) {
        arguments = path == "/" ? ["/", "/", "0"] : [path, path + "/", path + "0"]
    }

    /// The condition that takes the arguments.
    static func condition(on column: String) -> String { "(\(column) = ? OR \(column) > ? AND \(column) < ?)" }
}
