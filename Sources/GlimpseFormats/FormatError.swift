public import Foundation

/// Why a file could not be read or written: what went wrong, where, and what to do about it.
public struct FormatError: Error, Hashable, Sendable, CustomStringConvertible, LocalizedError {
    /// The kind of failure, for callers that decide by it.
    public enum Code: String, Hashable, Sendable, Codable {
        /// The operating system refused: no such file, no permission, no space.
        case inputOutput
        /// The file ends before what it announces.
        case truncated
        /// The file contradicts its format or itself.
        case malformed
        /// The checksum of the content is not the recorded one.
        case checksumMismatch
        /// A valid file of a kind that is not read here.
        case unsupported
        /// The file asks for code to be run.
        case forbidden
        /// The file claims more than the limit that guards this read.
        case tooLarge
        /// The file has no tensor of that name.
        case missingTensor
        /// The zip archive has no entry of that name.
        case missingEntry
        /// The caller gave tensors that cannot be written as they are.
        case invalidArgument
    }

    /// The kind of failure.
    public let code: Code
    /// What went wrong, with what was expected and what was found.
    public let message: String
    /// The file.
    public let path: String
    /// Where in the file: a key, an entry or a byte offset.
    public let location: String?
    /// What the user can do.
    public let remedy: String?

    /// Describes a failure.
    public init(_ code: Code, _ message: String, path: String, location: String? = nil, remedy: String? = nil) {
        self.code = code
        self.message = message
        self.path = path
        self.location = location
        self.remedy = remedy
    }

    /// One line: path, location, message, remedy.
    public var description: String {
        var text = path
        if let location { text += ": \(location)" }
        text += ": \(message)"
        if let remedy { text += "; \(remedy)" }
        return text
    }

    /// The same line, for those who ask through `localizedDescription`.
    public var errorDescription: String? { description }
}

extension FormatError {
    /// The last failure of a system call, taken from `errno` at once.
    static func system(_ action: String, path: String, number: Int32 = errno) -> FormatError {
        FormatError(.inputOutput, "cannot \(action): \(String(cString: strerror(number)))", path: path)
    }
}
