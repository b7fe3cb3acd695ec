internal import AsyncHTTPClient
internal import Foundation
internal import NIOCore
internal import NIOHTTP1
internal import NIOSSL

/// Asks the hub, follows its redirections, and turns what it refuses into errors. Nothing is tried twice here.
struct Transport: Sendable {
    /// An answer whose content is still to come.
    struct Response: Sendable {
        /// 200, 206 or 416.
        let status: Int
        let headers: HTTPHeaders
        let entityTag: EntityTag?
        let body: HTTPClientResponse.Body
    }

    /// What a server says names its content.
    struct EntityTag: Hashable, Sendable {
        let text: String
        /// Whether the hub gave it before it redirected: then the server that has the content knows it under another tag.
        let isLinked: Bool

        /// Reads a strong tag without its quotes; a weak one promises too little to go by.
        init?(_ header: String?, isLinked: Bool) {
            guard let header, !header.hasPrefix("W/") else { return nil }
            let tag = header.trimmingCharacters(in: CharacterSet(charactersIn: "\" "))
            guard !tag.isEmpty, tag.utf8.count <= 200, !tag.utf8.contains(UInt8(ascii: "\"")) else { return nil }
            text = tag
            self.isLinked = isLinked
        }
    }

    let settings: HubSettings
    let policy: HubPolicy
    private let endpoint: Origin
    private let direct: HTTPClient
    private let proxied: HTTPClient?

    /// Lends a transport whose connections are closed at the end.
    static func with<Result>(
        _ settings: HubSettings, _ policy: HubPolicy, _ body: (Transport) async throws -> Result
    ) async throws -> Result {
        guard let endpoint = Origin(settings.endpoint) else {
            throw HubError(.invalidSettings, "not the address of a hub", at: "HF_ENDPOINT")
        }
        return try await HTTPClient.withHTTPClient(configuration: configuration(policy, settings)) { direct in
            guard let proxy = settings.proxy else {
                return try await body(
                    Transport(settings: settings, policy: policy, endpoint: endpoint, direct: direct, proxied: nil))
            }
            return try await HTTPClient.withHTTPClient(configuration: configuration(policy, settings, proxy)) {
                proxied in
                try await body(
                    Transport(settings: settings, policy: policy, endpoint: endpoint, direct: direct, proxied: proxied))
            }
        }
    }

    private static func configuration(
        _ policy: HubPolicy, _ settings: HubSettings, _ proxy: HubProxy? = nil
    ) -> HTTPClient.Configuration {
        // Redirections are followed here, where it is known who may see the token.
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(connect: TimeAmount(policy.connectTimeout), read: TimeAmount(policy.idleTimeout)),
            proxy: proxy?.configuration)
        if let authorities = settings.authorities {
            var security = TLSConfiguration.makeClientConfiguration()
            security.trustRoots = .certificates(authorities.certificates)
            configuration.tlsConfiguration = security
        }
        // One connection a download: streams of one connection would share its window.
        configuration.httpVersion = .http1Only
        configuration.connectionPool.retryConnectionEstablishment = false
        return configuration
    }

    /// Sends a request.
    ///
    /// - Parameters:
    ///   - start: the first byte that is wanted; nil for all of the content.
    ///   - entityTag: the content that byte belongs to: of any other content all is wanted. Only the server that gave the
    ///     tag is asked to see to it.
    /// - Throws: `TransientFailure` where another attempt may help, `HubError` where not, `CancellationError`.
    func get(_ url: URL, from start: Int? = nil, of entityTag: EntityTag? = nil) async throws -> Response {
        var url = url
        var linkedTag: EntityTag?
        for _ in 0...policy.limits.redirects {
            guard let origin = Origin(url) else {
                throw HubError(.malformedResponse, "the hub redirects to what is no web address", at: url.forMessages)
            }
            var request = HTTPClientRequest(url: url.absoluteString)
            request.headers.add(name: "User-Agent", value: "glimpse")
            // Offsets count bytes of the file, not of a compressed form of it.
            request.headers.add(name: "Accept-Encoding", value: "identity")
            if let start { request.headers.add(name: "Range", value: "bytes=\(start)-") }
            if start != nil, let entityTag, !entityTag.isLinked {
                request.headers.add(name: "If-Range", value: "\"\(entityTag.text)\"")
            }
            if let token = settings.token, origin == endpoint, origin.isPrivate {
                request.headers.add(name: "Authorization", value: "Bearer \(token.value)")
            }
            let response = try await send(request, to: url, origin)
            linkedTag = linkedTag ?? EntityTag(response.headers.first(name: "X-Linked-Etag"), isLinked: true)
            let status = Int(response.status.code)
            switch status {
            case 200, 206, 416:
                let tag = linkedTag ?? EntityTag(response.headers.first(name: "ETag"), isLinked: false)
                return Response(status: status, headers: response.headers, entityTag: tag, body: response.body)
            case 301, 302, 303, 307, 308:
                url = try redirection(from: url, response.headers)
            default:
                throw statusFailure(status, response.headers, url)
            }
        }
        throw HubError(
            .malformedResponse, "more than \(policy.limits.redirects) redirections for one request", at: url.forMessages
        )
    }

    private func send(_ request: HTTPClientRequest, to url: URL, _ origin: Origin) async throws -> HTTPClientResponse {
        let client = if let proxied, settings.proxy?.applies(to: origin) == true { proxied } else { direct }
        do {
            let patience = policy.connectTimeout + policy.idleTimeout
            return try await client.execute(request, timeout: TimeAmount(patience))
        } catch {
            throw connectionFailure(error, url)
        }
    }

    private func redirection(from url: URL, _ headers: HTTPHeaders) throws -> URL {
        guard let location = headers.first(name: "Location"),
            let target = URL(string: location, relativeTo: url)?.absoluteURL, let origin = Origin(target)
        else {
            throw HubError(.malformedResponse, "a redirection that leads nowhere", at: url.forMessages)
        }
        guard origin.scheme == "https" || url.scheme?.lowercased() == "http" else {
            throw HubError(
                .malformedResponse, "a redirection from HTTPS to plain HTTP is not followed: \(target.forMessages)",
                at: url.forMessages)
        }
        return target
    }
}

extension Transport {
    /// Collects a small answer, whose announced length is not believed.
    func contents(of url: URL, limit: Int) async throws -> [UInt8] {
        let response = try await get(url)
        guard response.status == 200 else {
            throw HubError(.malformedResponse, "status \(response.status), expected 200", at: url.forMessages)
        }
        var bytes: [UInt8] = []
        do {
            for try await chunk in response.body {
                guard bytes.count + chunk.readableBytes <= limit else {
                    throw HubError(.tooLarge, "the answer is longer than \(limit) bytes", at: url.forMessages)
                }
                bytes.append(contentsOf: chunk.readableBytesView)
            }
        } catch {
            throw connectionFailure(error, url)
        }
        // A cancelled body ends like a complete one.
        try Task.checkCancellation()
        return bytes
    }

    /// What an error of the connection means: most pass, and those of ours are passed on.
    func connectionFailure(_ error: any Error, _ url: URL) -> any Error {
        if error is HubError || error is TransientFailure || error is CancellationError { return error }
        if Task.isCancelled || error as? HTTPClientError == .cancelled { return CancellationError() }
        let text = "\(error)".redacting(settings.token).printable
        return TransientFailure(
            error: HubError(
                .connection, "the connection failed: \(text)", at: url.forMessages,
                remedy: "check the network and run again, which goes on where this stopped; "
                    + "with HF_HUB_OFFLINE=1 only what is in the cache is used"))
    }
}

extension HubProxy {
    /// The proxy in the client's terms.
    fileprivate var configuration: HTTPClient.Configuration.Proxy {
        switch kind {
        case .socks: .socksServer(host: host, port: port)
        case .http:
            .server(
                host: host, port: port,
                authorization: user.map { .basic(username: $0, password: password ?? "") })
        }
    }
}
