public import Foundation

/// What went wrong with the library or with the files it was asked to look at, where, and what to do about it.
public struct LibraryError: Error, Hashable, Sendable, CustomStringConvertible, LocalizedError {
    /// The kinds of failure a caller may want to tell apart.
    public enum Code: String, Hashable, Sendable {
        /// The library, or its folder, cannot be opened or written: most often a matter of permissions.
        case cannotOpen
        /// The database is damaged, or is no database at all.
        case corrupt
        /// The disk has no room left.
        case diskFull
        /// A newer version of Glimpse wrote the library.
        case newerSchema
        /// Another process kept the library busy for too long.
        case locked
        /// A file stands where the library's folder should be.
        case notADirectory
        /// The database belongs to another program.
        case notALibrary
        /// A file or folder that was asked for does not exist.
        case missing
        /// A file or folder exists and cannot be read.
        case unreadable
        /// A vector does not fit the model it is recorded for or searched with.
        case invalidVector
        /// A record that is imported says of a picture what cannot be.
        case invalidRecord
        /// The database refused for a reason that has no name here.
        case database
    }

    /// The kind of failure.
    public let code: Code
    /// What went wrong, as a phrase without a full stop.
    public let message: String
    /// The path, or the place in a file, where it went wrong.
    public let location: String?
    /// What to do about it, as a sentence.
    public let remedy: String?

    /// Describes a failure.
    public init(_ code: Code, _ message: String, location: String? = nil, remedy: String? = nil) {
        self.code = code
        self.message = message
        self.location = location
        self.remedy = remedy
    }

    /// Where, what, and what to do, in one line.
    public var description: String {
        let place = location.map { "\($0): " } ?? ""
        let advice = remedy.map { ". \($0)" } ?? ""
        return place + message + advice
    }

    /// The same text as `description`.
    public var errorDescription: String? { description }
}
