import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// How errors look to the clients of a group of routes.
enum ErrorStyle: Sendable {
    /// Our own: `{"error": {"code", "message", "remedy"}}`.
    case glimpse
    /// OpenAI's: `{"error": {"message", "type", "param", "code"}}`.
    case openAI
    /// That of Roboflow's and clip-retrieval's services: `{"message"}`.
    case message
    /// That of immich's: `{"detail"}`.
    case detail

    /// The answer that tells of an error.
    func response(_ error: ServerError) throws -> Response {
        let (head, body) = try encoded(error)
        return Response(status: head.status, headers: head.headerFields, body: ResponseBody(byteBuffer: body))
    }

    /// The head and the body of that answer.
    func encoded(_ error: ServerError) throws -> (head: HTTPResponse, body: ByteBuffer) {
        var headers = HTTPFields()
        headers[.contentType] = "application/json"
        headers[.cacheControl] = "no-store"
        if let seconds = error.retryAfter { headers[.retryAfter] = String(seconds) }
        if error.code == .unauthorized { headers[.wwwAuthenticate] = "Bearer realm=\"glimpse\"" }
        let text = error.message + (error.remedy.map { " (\($0))" } ?? "")
        let body: any Encodable =
            switch self {
            case .glimpse:
                ["error": GlimpseError(code: error.code.rawValue, message: error.message, remedy: error.remedy)]
            case .openAI:
                [
                    "error": OpenAIError(
                        message: text, type: Self.openAIType(error), param: nil, code: error.code.rawValue)
                ]
            case .message: ["message": text]
            case .detail: ["detail": error.message]
            }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
        return (
            HTTPResponse(status: status(of: error), headerFields: headers),
            ByteBuffer(bytes: try encoder.encode(body))
        )
    }

    /// OpenAI's clients wait and try again at 429.
    private func status(of error: ServerError) -> HTTPResponse.Status {
        self == .openAI && error.code == .overloaded ? .tooManyRequests : error.status
    }

    private static func openAIType(_ error: ServerError) -> String {
        switch error.code {
        case .unauthorized: "authentication_error"
        case .overloaded: "rate_limit_error"
        case .internal, .deadlineExceeded: "server_error"
        default: "invalid_request_error"
        }
    }

    private struct GlimpseError: Encodable {
        let code: String
        let message: String
        @Nullable var remedy: String?
    }

    private struct OpenAIError: Encodable {
        let message: String
        let type: String
        @Nullable var param: String?
        let code: String
    }
}
