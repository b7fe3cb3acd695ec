public import Foundation

/// Why a picture could not be read or written: what happened, to which file, and what to do about it.
public struct MediaError: Error, Hashable, Sendable, CustomStringConvertible, LocalizedError {
    /// The kinds of failure, for programs that decide by them.
    public enum Code: String, Hashable, Sendable {
        /// There is nothing at the path.
        case missing
        /// The path leads to a directory, a pipe or a device.
        case notAFile
        /// The system refused to open or read the file.
        case unreadable
        /// The file has no bytes.
        case empty
        /// The content is text or data of no picture format known here.
        case notAnImage
        /// A picture or document format that is not decoded, or a decoder that the installed libvips lacks.
        case unsupportedFormat
        /// The file ends before the picture does.
        case truncated
        /// The content contradicts itself.
        case damaged
        /// More bytes or pixels than the limits allow.
        case tooLarge
        /// A picture could not be encoded.
        case encodingFailed
        /// libvips could not be started.
        case libraryUnavailable
    }

    /// What kind of failure this is.
    public let code: Code
    /// The file's path, or the name given with bytes that came from elsewhere; empty where no file is involved.
    public let path: String
    /// What happened, with what was expected and what was found.
    public let message: String
    /// What the user can do, if anything.
    public let remedy: String?

    /// Makes an error from its parts.
    public init(_ code: Code, path: String, message: String, remedy: String? = nil) {
        self.code = code
        self.path = path
        self.message = message
        self.remedy = remedy
    }

    /// The whole story in one line: path, message, remedy.
    public var description: String {
        let place = path.isEmpty ? "" : "\(path): "
        let advice = remedy.map { " \($0)" } ?? ""
        return "\(place)\(message).\(advice)"
    }

    /// The same as `description`.
    public var errorDescription: String? { description }
}
