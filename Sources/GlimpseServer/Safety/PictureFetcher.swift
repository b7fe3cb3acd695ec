import AsyncHTTPClient
package import Foundation
import NIOCore
import NIOHTTP1
package import NIOPosix

/// Gets pictures from elsewhere for clients, without being made a way into the network behind the server.
///
/// Only `http` and `https`; names are resolved first, every address must be a public one, and the connection goes to the address that was
/// looked at, not to what the name means a moment later. Redirects are followed by the same rules. Length and time are limited.
package struct PictureFetcher: Sendable {
    /// What a fetch may cost.
    package struct Limits: Sendable {
        /// The most bytes.
        package var byteCount = 32 << 20
        /// How long a fetch may take, redirects included.
        package var duration: Duration = .seconds(15)
        /// How many times a server may send on to another place.
        package var redirects = 3

        /// The usual limits.
        package init() {}
    }

    private let limits: Limits
    private let isAllowed: @Sendable (IPAddress) -> Bool
    private let threads: NIOThreadPool

    /// - Parameters:
    ///   - threads: resolve names, which blocks.
    ///   - isAllowed: which addresses may be connected to.
    package init(
        limits: Limits = Limits(), threads: NIOThreadPool,
        isAllowed: @escaping @Sendable (IPAddress) -> Bool = \.isPublic
    ) {
        self.limits = limits
        self.threads = threads
        self.isAllowed = isAllowed
    }

    /// The bytes at an address.
    ///
    /// - Throws: `ServerError` that says why they are not to be had.
    package func bytes(at text: String) async throws -> Data {
        try await FirstResult<Data>().ofWork(
            until: .now + limits.duration,
            otherwise: Self.unavailable("it takes longer than \(limits.duration / .seconds(1)) seconds")
        ) { try await follow(text) }
    }

    private func follow(_ text: String) async throws -> Data {
        var place = try Place(text)
        for _ in 0...limits.redirects {
            switch try await get(place) {
            case .picture(let bytes): return bytes
            case .elsewhere(let location):
                // A place relative to the last one.
                guard let url = URL(string: location, relativeTo: place.url)?.absoluteURL else {
                    throw Self.unavailable("it redirects to something that is no address")
                }
                place = try Place(url.absoluteString)
            }
        }
        throw Self.unavailable("it redirects more than \(limits.redirects) times")
    }

    private enum Answer {
        case picture(Data)
        case elsewhere(String)
    }

    private func get(_ place: Place) async throws -> Answer {
        let address = try await address(of: place)
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(connect: .seconds(5), read: .seconds(5)))
        // The name stays in the request and the certificate; the connection goes where we have looked.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.dnsOverride = [place.host: address.description]
        return try await HTTPClient.withHTTPClient(configuration: configuration) { client in
            var request = HTTPClientRequest(url: place.url.absoluteString)
            request.headers.add(name: "Accept", value: "image/*")
            request.headers.add(name: "User-Agent", value: "Glimpse")
            let response: HTTPClientResponse
            do {
                response = try await client.execute(request, timeout: TimeAmount(limits.duration))
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                // Whatever is wrong there is not this server's trouble.
                throw Self.unavailable(error is HTTPClientError ? "no answer" : "no connection")
            }
            if (300..<400).contains(response.status.code), let location = response.headers.first(name: "Location") {
                return .elsewhere(location)
            }
            guard response.status == .ok else { throw Self.unavailable("status \(response.status.code)") }
            do {
                let body = try await response.body.collect(upTo: limits.byteCount)
                return .picture(Data(body.readableBytesView))
            } catch is NIOTooManyBytesError {
                throw ServerError(.payloadTooLarge, "the picture has more than \(limits.byteCount) bytes")
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                throw Self.unavailable("the answer breaks off")
            }
        }
    }

    /// The address to connect to: all that a name stands for have to be allowed.
    private func address(of place: Place) async throws -> IPAddress {
        let addresses = try await threads.runIfActive { Self.resolve(place.host) }
        guard let first = addresses.first else { throw Self.unavailable("there is no such name") }
        guard addresses.allSatisfy(isAllowed) else {
            throw ServerError(
                .forbidden, "the url leads into a private network",
                remedy: "only pictures on the public internet are fetched; send the picture itself")
        }
        return first
    }

    private static func resolve(_ host: String) -> [IPAddress] {
        if let address = IPAddress(host) { return [address] }
        var hints = addrinfo()
        #if os(Linux)
            hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        #else
            hints.ai_socktype = SOCK_STREAM
        #endif
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &list) == 0, let list else { return [] }
        defer { freeaddrinfo(list) }
        return sequence(first: list, next: { $0.pointee.ai_next }).compactMap { entry in
            guard let address = entry.pointee.ai_addr else { return nil }
            switch entry.pointee.ai_family {
            case AF_INET:
                return address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { pointer in
                    withUnsafeBytes(of: pointer.pointee.sin_addr) { IPAddress(bytes: Array($0)) }
                }
            case AF_INET6:
                return address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { pointer in
                    withUnsafeBytes(of: pointer.pointee.sin6_addr) { IPAddress(bytes: Array($0)) }
                }
            default: return nil
            }
        }
    }

    package static func unavailable(_ why: String) -> ServerError {
        ServerError(.invalidInput, "the url cannot be fetched: \(why)")
    }

    /// An address in a form that leaves no doubt which host is meant.
    package struct Place: Hashable, Sendable {
        let url: URL
        /// In lower case; an IPv6 address without its brackets.
        let host: String

        /// - Throws: `ServerError` for anything but `http` and `https` with a plain host and no user.
        init(_ text: String) throws {
            guard var components = URLComponents(string: text), let scheme = components.scheme?.lowercased(),
                ["http", "https"].contains(scheme)
            else {
                throw ServerError(.invalidInput, "url: expected an address that begins with http:// or https://")
            }
            guard components.user == nil, components.password == nil else {
                throw ServerError(.invalidInput, "url: an address with a user in it")
            }
            guard var host = components.host?.lowercased(), !host.isEmpty else {
                throw ServerError(.invalidInput, "url: an address without a host")
            }
            if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
            let isPlain = host.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
                    || byte == UInt8(ascii: ".")
            }
            guard isPlain || IPAddress(host) != nil else {
                throw ServerError(.invalidInput, "url: a host with characters that names do not have")
            }
            guard components.port.map({ (1...65_535).contains($0) }) ?? true else {
                throw ServerError(.invalidInput, "url: a port that is none")
            }
            components.scheme = scheme
            components.host = host.contains(":") ? "[\(host)]" : host
            components.fragment = nil
            guard let url = components.url else { throw ServerError(.invalidInput, "url: not a valid address") }
            self.url = url
            self.host = host
        }
    }
}
