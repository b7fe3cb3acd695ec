import HTTPTypes
import Hummingbird

/// Lets requests through that were meant for this server, come from its own pages or from programs, and show the token.
struct AccessMiddleware: RouterMiddleware {
    /// By which names the server may be called.
    let hosts: HostRule
    /// What clients have to show; nil for nothing.
    let token: AccessToken?
    /// Paths that show nothing worth a secret: the page itself, and whether the server is there.
    let openPaths: Set<String>
    /// Paths whose requests may carry the token in their body, which is not read yet; they check it themselves.
    let bodyTokenPaths: Set<String>

    /// The cookie that stands for the token in browsers.
    static let cookie = "glimpse-session"

    func handle(
        _ request: Request, context: ServerContext, next: (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        try check(request)
        return try await next(request, context)
    }

    /// Makes sure that a request may pass.
    ///
    /// - Throws: `ServerError` `forbidden` or `unauthorized`.
    func check(_ request: Request) throws {
        let authority = request.head.authority ?? ""
        guard hosts.allows(authority) else {
            throw ServerError(
                .forbidden, "the server is not called by this name",
                remedy: "call it by its address, or start it with --allowed-host NAME")
        }
        // A page of another site must not have the models run either; a link to here, which is seen, may be followed.
        let isReading = request.method == .get || request.method == .head
        let isNavigating = isReading && request.headers[named: "Sec-Fetch-Mode"] == "navigate"
        if !isNavigating, !(isReading && openPaths.contains(request.uri.path)) {
            try checkOrigin(request, authority: authority)
        }
        if let token, !openPaths.contains(request.uri.path), !bodyTokenPaths.contains(request.uri.path) {
            guard Self.shownTokens(request).contains(where: token.matches) else { throw ServerError.unauthorized }
        }
    }

    /// A page of another site can send forms here, but not without saying so.
    private func checkOrigin(_ request: Request, authority: String) throws {
        let site = request.headers[named: "Sec-Fetch-Site"]
        let isForeign = site == "cross-site" || site == "same-site"
        let origin = request.headers[.origin]
        guard !isForeign, origin.map({ hosts.allows(origin: $0, to: authority) }) ?? true else {
            throw ServerError(.forbidden, "a page of another site may not do this")
        }
    }

    /// What a request shows: a header or a cookie.
    static func shownTokens(_ request: Request) -> [String] {
        var shown: [String] = []
        if let header = request.headers[.authorization] {
            let parts = header.split(separator: " ", maxSplits: 1)
            if parts.count == 2, parts[0].lowercased() == "bearer" { shown.append(String(parts[1])) }
        }
        if let cookie = request.cookies[Self.cookie]?.value { shown.append(cookie) }
        return shown
    }
}
