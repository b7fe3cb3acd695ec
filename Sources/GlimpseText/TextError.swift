import GlimpseFormats

/// Why a tokenizer could not be loaded: what went wrong, where, and what to do about it.
public struct TextError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of failure, for callers that decide by it.
    public enum Code: String, Hashable, Sendable, Codable {
        /// The file cannot be read.
        case inputOutput
        /// The folder has no tokenizer.
        case notFound
        /// The file contradicts its format or itself.
        case malformed
        /// A valid tokenizer of a kind that is not implemented.
        case unsupported
        /// The caller's settings do not fit the tokenizer.
        case invalidArgument
    }

    /// The kind of failure.
    public let code: Code
    /// What went wrong, with what was expected and what was found.
    public let message: String
    /// The file.
    public let path: String
    /// Where in the file: a key or a line.
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

    init(_ error: FormatError) {
        let code: Code = error.code == .inputOutput ? .inputOutput : .malformed
        self.init(code, error.message, path: error.path, location: error.location, remedy: error.remedy)
    }

    /// One line: path, location, message, remedy.
    public var description: String {
        var text = path
        if let location { text += ": \(location)" }
        text += ": \(message)"
        if let remedy { text += "; \(remedy)" }
        return text
    }
}
