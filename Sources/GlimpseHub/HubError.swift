public import Foundation

/// Why a repository could not be had: what went wrong, where, and what to do about it. It never holds the access token.
public struct HubError: Error, Hashable, Sendable, CustomStringConvertible, LocalizedError {
    /// The kind of failure, for callers that decide by it.
    public enum Code: String, Hashable, Sendable, Codable {
        /// The text does not name a repository.
        case invalidReference
        /// An environment variable or a setting cannot be used as it is.
        case invalidSettings
        /// The hub wants an access token, or a better one.
        case unauthorized
        /// The repository is there, and its owner has not given access.
        case gated
        /// No such repository, revision or file.
        case notFound
        /// The hub asks for fewer requests, and went on asking.
        case rateLimited
        /// The hub failed, and went on failing.
        case serverFailure
        /// The hub cannot be reached, or the connection broke more often than is sensible.
        case connection
        /// The answer is not what a hub says.
        case malformedResponse
        /// The answer is larger than the limit that guards it, or than the listing says.
        case tooLarge
        /// The content is not what its digest says.
        case digestMismatch
        /// The disk has no room, or not enough.
        case diskFull
        /// The operating system refused: no permission, no such folder.
        case inputOutput
        /// A file that was asked for is not in the repository.
        case missingFile
        /// Offline, and the cache does not have it.
        case notCached
    }

    /// The kind of failure.
    public let code: Code
    /// What went wrong, with what was expected and what was found.
    public let message: String
    /// The address without its query, the path, or the text that was given.
    public let location: String?
    /// What the user can do.
    public let remedy: String?

    /// Describes a failure.
    public init(_ code: Code, _ message: String, at location: String? = nil, remedy: String? = nil) {
        self.code = code
        self.message = message
        self.location = location
        self.remedy = remedy
    }

    /// One line: location, message, remedy.
    public var description: String {
        let place = location.map { "\($0): " } ?? ""
        let advice = remedy.map { "; \($0)" } ?? ""
        return place + message + advice
    }

    /// The same line, for those who ask through `localizedDescription`.
    public var errorDescription: String? { description }
}

extension HubError {
    /// Says what a system call on the cache ran into; `errno` is taken at once.
    static func system(_ action: String, path: String, number: Int32 = errno) -> HubError {
        let reason = String(cString: strerror(number))
        switch number {
        case ENOSPC, EDQUOT:
            return HubError(
                .diskFull, "cannot \(action): \(reason)", at: path,
                remedy: "free space and run again; what was downloaded is kept")
        default:
            return HubError(
                .inputOutput, "cannot \(action): \(reason)", at: path,
                remedy: "check that you may write to the cache, or choose another with HF_HUB_CACHE")
        }
    }
}

/// A failure that may pass by itself.
package struct TransientFailure: Error {
    /// What to tell when it does not.
    package let error: HubError
    /// How long the server asks to wait.
    package var retryAfter: Duration?

    package init(error: HubError, retryAfter: Duration? = nil) {
        self.error = error
        self.retryAfter = retryAfter
    }
}
