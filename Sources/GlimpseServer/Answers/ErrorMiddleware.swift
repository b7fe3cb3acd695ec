import HTTPTypes
import Hummingbird
import Logging
import NIOHTTP1

/// Tells clients of errors in the style they know; what is the server's own trouble goes to its log, and clients learn no more than that.
struct ErrorMiddleware: RouterMiddleware {
    let style: ErrorStyle

    func handle(
        _ request: Request, context: ServerContext, next: (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch is ClientWatch.ClientIsGone {
            // Nobody reads it; the status, which nginx has for this, is for the counts.
            return Response(status: HTTPResponse.Status(code: 499, reasonPhrase: "Client Closed Request"))
        } catch is CancellationError {
            return try style.response(.deadlineExceeded)
        } catch {
            if let told = ServerError(telling: error) { return try style.response(told) }
            // A body that is not HTTP: the connection is answered where it is read.
            if error is HTTPParserError { throw error }
            // The router's own: answered further out, where all routes are known.
            if let error = error as? HTTPError, error.status == .notFound { throw error }
            context.logger.error("\(request.method) \(request.uri.path): \(error)")
            return try style.response(
                ServerError(.internal, "something went wrong in the server", remedy: "its log says more"))
        }
    }
}
