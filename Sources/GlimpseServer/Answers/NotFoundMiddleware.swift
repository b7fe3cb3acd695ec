import HTTPTypes
import Hummingbird
import Synchronization

/// Tells a path that leads nowhere from one that is asked in the wrong way.
final class NotFoundMiddleware: RouterMiddleware {
    private let access: AccessMiddleware
    private let routes = Mutex<[(path: [Substring], method: HTTPRequest.Method)]>([])

    /// - Parameter access: whom it is told to; strangers learn not even that there is nothing.
    init(access: AccessMiddleware) {
        self.access = access
    }

    /// Learns the routes, which are known only when all are built.
    func learn(_ router: Router<ServerContext>) {
        let known = router.routes.map { ("\($0.path)".split(separator: "/"), $0.method) }
        routes.withLock { $0 = known }
    }

    func handle(
        _ request: Request, context: ServerContext, next: (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as HTTPError where error.status == .notFound {
            let style = ErrorStyle.glimpse
            do {
                try access.check(request)
            } catch let error as ServerError {
                return try style.response(error)
            }
            let methods = methods(of: request.uri.path)
            guard !methods.isEmpty, !methods.contains(request.method.rawValue) else {
                return try style.response(
                    ServerError(.notFound, "there is nothing here", remedy: "see /api/v1/openapi.json"))
            }
            let allowed = methods.sorted().joined(separator: ", ")
            var response = try style.response(
                ServerError(
                    .methodNotAllowed, "the method \(request.method) does nothing here", remedy: "use \(allowed)"))
            response.headers[.allow] = allowed
            return response
        }
    }

    private func methods(of path: String) -> Set<String> {
        let path = path.split(separator: "/")
        return routes.withLock { routes in
            var methods = Set(
                routes.filter { route in
                    route.path.count == path.count
                        && zip(route.path, path).allSatisfy { $0.hasPrefix("{") || $0.hasPrefix(":") || $0 == $1 }
                }.map(\.method.rawValue))
            // The router answers these by itself.
            if methods.contains("GET") { methods.insert("HEAD") }
            return methods
        }
    }
}
