public import Foundation

/// What can be wrong with what a task was asked.
public struct TaskError: Error, Hashable, Sendable, LocalizedError, CustomStringConvertible {
    /// The kind of failure.
    public enum Code: String, Hashable, Sendable {
        /// A query or a list of labels that means nothing.
        case invalidInput
        /// A file that was named is not there or cannot be read.
        case unreadableFile
        /// A file that was named cannot be written.
        case unwritableFile
        /// Nothing of this model is in the library yet.
        case nothingIndexed
        /// The journal of what is done with duplicates cannot be written; nothing is changed without it.
        case unwritableJournal
        /// The journal of what was done with duplicates cannot be read.
        case unreadableJournal
    }

    /// The kind of failure.
    public let code: Code
    /// What went wrong: found and expected.
    public let message: String
    /// What to do.
    public let remedy: String?

    /// Describes a failure.
    public init(_ code: Code, _ message: String, remedy: String? = nil) {
        self.code = code
        self.message = message
        self.remedy = remedy
    }

    /// The failure in one paragraph.
    public var description: String { message + (remedy.map { " (\($0))" } ?? "") }

    /// The same text, for code that only knows `Error`.
    public var errorDescription: String? { description }
}
