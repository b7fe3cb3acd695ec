import HTTPTypes
import Hummingbird

/// Counts answers, and sends with each what keeps browsers from misusing it.
struct ObservationMiddleware: RouterMiddleware {
    let metrics: ServerMetrics

    /// Everything a page uses comes from this server, and nobody may put it in a frame.
    private static let policy = """
        default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; form-action 'self'; \
        base-uri 'none'; frame-ancestors 'none'
        """

    /// What every answer has.
    static let headers: HTTPFields = {
        var headers = HTTPFields()
        headers[.contentSecurityPolicy] = policy
        headers[.xContentTypeOptions] = "nosniff"
        headers[named: "Referrer-Policy"] = "no-referrer"
        headers[named: "Cross-Origin-Resource-Policy"] = "same-origin"
        return headers
    }()

    func handle(
        _ request: Request, context: ServerContext, next: (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        var response = try await next(request, context)
        let duration = start.duration(to: .now)
        metrics.record(
            route: context.endpointPath ?? "none", method: request.method.rawValue, status: response.status.code,
            duration)
        response.headers.append(contentsOf: Self.headers)
        // In seconds; Roboflow's clients read it.
        let microseconds = Int(duration / .microseconds(1))
        response.headers[named: "X-Processing-Time"] = "\(Double(microseconds) / 1e6)"
        return response
    }
}
