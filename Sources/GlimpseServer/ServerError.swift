import Foundation
import GlimpseLibrary
import GlimpseMedia
import GlimpseModels
import GlimpseTasks
package import HTTPTypes

/// Why a request is not answered as it wished: what clients are told.
///
/// No message names a file of the server: what an error of another module says of places stays in the log.
package struct ServerError: Error, Hashable, Sendable {
    /// The kinds of errors, each with its status.
    package enum Code: String, Hashable, Sendable {
        case invalidInput
        case unreadablePicture
        case unauthorized
        case forbidden
        case notFound
        case methodNotAllowed
        case busy
        case payloadTooLarge
        case unsupportedMediaType
        case unprocessable
        case overloaded
        case deadlineExceeded
        case `internal`
    }

    /// The kind.
    package let code: Code
    /// What was found, and what was expected.
    package let message: String
    /// What the client can do.
    package let remedy: String?

    package init(_ code: Code, _ message: String, remedy: String? = nil) {
        self.code = code
        self.message = message
        self.remedy = remedy
    }

    /// The status of the answer.
    package var status: HTTPResponse.Status {
        switch code {
        case .invalidInput, .unreadablePicture: .badRequest
        case .unauthorized: .unauthorized
        case .forbidden: .forbidden
        case .notFound: .notFound
        case .methodNotAllowed: .methodNotAllowed
        case .busy: .conflict
        case .payloadTooLarge: .contentTooLarge
        case .unsupportedMediaType: .unsupportedMediaType
        case .unprocessable: .unprocessableContent
        case .overloaded: .serviceUnavailable
        case .deadlineExceeded: .gatewayTimeout
        case .internal: .internalServerError
        }
    }

    /// After how many seconds trying again makes sense; nil where it makes none.
    package var retryAfter: Int? { code == .overloaded ? 1 : nil }

    package static let overloaded = ServerError(
        .overloaded, "the server has as much to do as it takes on", remedy: "try again in a moment")
    package static let deadlineExceeded = ServerError(
        .deadlineExceeded, "the time for the request is over", remedy: "ask for less at once, or wait longer")
    package static let unauthorized = ServerError(
        .unauthorized, "a token is needed", remedy: "send the header Authorization: Bearer TOKEN")
    package static let readOnly = ServerError(
        .forbidden, "this server changes nothing: it was started with --read-only")
    package static let unknownPicture = ServerError(.notFound, "the library has no such picture")
}

extension ServerError {
    /// What clients are told of an error of whichever module; nil for one that is the server's own trouble.
    package init?(telling error: any Error) {
        switch error {
        case let error as ServerError: self = error
        case let error as TaskError:
            guard error.code == .invalidInput || error.code == .nothingIndexed else { return nil }
            self.init(.invalidInput, error.message, remedy: error.remedy)
        case let error as MediaError:
            switch error.code {
            case .empty, .notAnImage, .unsupportedFormat, .truncated, .damaged:
                self.init(.unreadablePicture, error.message, remedy: error.remedy)
            case .tooLarge: self.init(.payloadTooLarge, error.message, remedy: "send a smaller picture")
            case .missing, .notAFile, .unreadable: self = .unknownPicture
            case .encodingFailed, .libraryUnavailable: return nil
            }
        case let error as ModelError:
            guard error.code == .unknownModel || error.code == .notInstalled else { return nil }
            self.init(.invalidInput, error.message, remedy: error.remedy)
        default: return nil
        }
    }
}
