import Foundation
import GlimpseServer
import NIOPosix
import TestServer
import Testing

/// Pictures from elsewhere come, with limits, and by no way into the network behind the server.
@Suite(.timeLimit(.minutes(5)))
struct PictureFetcherTests {
    private static let picture = [UInt8]((0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })

    /// A fetcher that may connect to 127.0.0.1 and nothing else. On a busy machine the usual time can pass by itself.
    private static func fetcher(
        byteCount: Int = 1 << 20, duration: Duration = .seconds(200), redirects: Int = 3,
        isAllowed: @escaping @Sendable (IPAddress) -> Bool = { $0.description == "127.0.0.1" }
    ) -> PictureFetcher {
        var limits = PictureFetcher.Limits()
        limits.byteCount = byteCount
        limits.duration = duration
        limits.redirects = redirects
        return PictureFetcher(limits: limits, threads: .singleton, isAllowed: isAllowed)
    }

    /// A fetcher with the usual rule: public addresses.
    private static let careful = fetcher(isAllowed: \.isPublic)

    /// The error of a fetch that fails.
    private static func failure(
        _ fetcher: PictureFetcher, _ url: String, sourceLocation: SourceLocation = #_sourceLocation
    ) async -> ServerError? {
        await #expect(throws: ServerError.self, "\(url)", sourceLocation: sourceLocation) {
            _ = try await fetcher.bytes(at: url)
        }
    }

    @Test(arguments: [false, true]) func aPictureArrives(chunked: Bool) async throws {
        let server = try await LocalServer { _ in
            Reply(body: Self.picture, delivery: chunked ? .chunked : .whole)
        }
        let url = "http://127.0.0.1:\(server.port)/a%20cat.jpg?size=large#top"
        #expect(try await Self.fetcher().bytes(at: url) == Data(Self.picture))
        let request = try #require(server.requests.first)
        #expect(request.method == "GET" && request.path == "/a%20cat.jpg?size=large")
        #expect(request.header("Host") == "127.0.0.1:\(server.port)")
        for name in ["Cookie", "Authorization", "Referer", "Origin"] { #expect(request.header(name) == nil) }
    }

    @Test(arguments: [false, true]) func aLongPictureIsRefused(chunked: Bool) async throws {
        let server = try await LocalServer { _ in
            Reply(body: Self.picture, delivery: chunked ? .chunked : .whole)
        }
        let url = "http://127.0.0.1:\(server.port)/"
        let error = await Self.failure(Self.fetcher(byteCount: Self.picture.count - 1), url)
        #expect(error?.code == .payloadTooLarge)
        #expect(try await Self.fetcher(byteCount: Self.picture.count).bytes(at: url).count == Self.picture.count)
    }

    private static func redirect(_ status: Int, to location: String) -> Reply {
        Reply(status: status, headers: [("Location", location)])
    }

    /// Paths are numbers: so many redirects are left.
    private static func chain() async throws -> LocalServer {
        try await LocalServer { request in
            let left = Int(request.path.dropFirst()) ?? 0
            return left == 0
                ? Reply(body: picture) : Self.redirect(302, to: "/\(left - 1)")
        }
    }

    @Test func redirectsAreFollowedUpToTheLimit() async throws {
        let server = try await Self.chain()
        let url = "http://127.0.0.1:\(server.port)/"
        #expect(try await Self.fetcher().bytes(at: url + "3") == Data(Self.picture))
        #expect(server.requests.map(\.path) == ["/3", "/2", "/1", "/0"])
        let error = await Self.failure(Self.fetcher(), url + "4")
        #expect(error?.code == .invalidInput && error?.message.contains("redirects more than 3") == true)
        #expect(try await Self.fetcher(redirects: 0).bytes(at: url + "0") == Data(Self.picture))
        #expect(await Self.failure(Self.fetcher(redirects: 0), url + "1") != nil)
    }

    @Test func redirectsWithoutAnEndHaveOne() async throws {
        let server = try await LocalServer { Self.redirect(307, to: $0.path) }
        #expect(await Self.failure(Self.fetcher(), "http://127.0.0.1:\(server.port)/a")?.code == .invalidInput)
        #expect(server.requests.count == 4)
    }

    @Test(arguments: [
        "http://127.0.0.2:PORT/", "http://[::1]:PORT/", "http://169.254.169.254/latest/meta-data/", "http://10.0.0.1/",
        "http://0.0.0.0:PORT/", "//127.0.0.3:PORT/",
    ]) func redirectsIntoAPrivateNetworkAreRefused(location: String) async throws {
        let server = try await redirecting(to: location)
        let error = await Self.failure(Self.fetcher(), "http://127.0.0.1:\(server.port)/")
        #expect(error?.code == .forbidden, "\(String(describing: error))")
        #expect(server.requests.count == 1)
    }

    @Test(arguments: [
        "file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1:PORT/", "data:image/png;base64,AAAA",
        "http://user@127.0.0.1:PORT/", "http:///", "http://exa_mple.invalid/",
    ]) func redirectsToOtherThingsAreRefused(location: String) async throws {
        let server = try await redirecting(to: location)
        let error = await Self.failure(Self.fetcher(), "http://127.0.0.1:\(server.port)/")
        #expect(error?.code == .invalidInput, "\(String(describing: error))")
        #expect(server.requests.count == 1)
    }

    /// A server that sends everybody to one place, in which PORT stands for its own.
    private func redirecting(to location: String) async throws -> LocalServer {
        let place = PlaceHolder()
        let server = try await LocalServer { _ in
            Self.redirect(301, to: place.filled(location))
        }
        place.port = server.port
        return server
    }

    @Test(arguments: [
        "http://127.0.0.1:PORT/", "http://localhost:PORT/", "http://LOCALHOST:PORT/", "http://[::1]:PORT/",
        "http://[::ffff:127.0.0.1]:PORT/", "http://0.0.0.0:PORT/", "http://[::]:PORT/", "http://127.255.255.254:PORT/",
        "http://2130706433:PORT/", "http://0x7f000001:PORT/", "http://127.1:PORT/", "http://0177.0.0.1:PORT/",
        "http://169.254.169.254/", "http://10.0.0.1/", "http://192.168.0.1:PORT/", "http://[fe80::1]/",
        "http://[64:ff9b::7f00:1]/", "https://127.0.0.1:PORT/",
    ]) func privateAddressesAreNotConnectedTo(url: String) async throws {
        let server = try await LocalServer { _ in Reply(body: Self.picture) }
        let error = await Self.failure(Self.careful, url.replacing("PORT", with: "\(server.port)"))
        #expect(error?.code == .forbidden, "\(String(describing: error))")
        #expect(server.connectionCount == 0)
    }

    @Test(arguments: [
        "", "cat.jpg", "/etc/passwd", "file:///etc/passwd", "file://127.0.0.1/etc/passwd", "ftp://127.0.0.1:PORT/",
        "javascript:alert(1)", "data:image/png;base64,AAAA", "//127.0.0.1:PORT/", "http:", "http://", "http:///a",
        "http://user@127.0.0.1:PORT/", "http://user:secret@127.0.0.1:PORT/", "http://:secret@127.0.0.1:PORT/",
        "http://exa_mple.invalid/", "http://exam!ple.invalid/", "http://[::1%25lo]:PORT/", "http://127.0.0.1:PORT:80/",
        "http://127.0.0.1:-1/", "unix:///var/run/docker.sock", "http+unix://%2Fvar%2Frun%2Fdocker.sock/",
    ]) func otherThingsThanAddressesOfPicturesAreRefused(url: String) async throws {
        let server = try await LocalServer { _ in Reply(body: Self.picture) }
        let error = await Self.failure(Self.fetcher(), url.replacing("PORT", with: "\(server.port)"))
        #expect(error?.code == .invalidInput, "\(String(describing: error))")
        #expect(server.connectionCount == 0)
    }

    @Test(arguments: [404, 403, 500, 204, 304]) func otherAnswersAreNoPictures(status: Int) async throws {
        let server = try await LocalServer { _ in Reply(status: status) }
        let error = await Self.failure(Self.fetcher(), "http://127.0.0.1:\(server.port)/")
        #expect(error?.code == .invalidInput && error?.message.contains("\(status)") == true)
    }

    @Test func whoeverIsSilentIsNotWaitedFor() async throws {
        let server = try await LocalServer { _ in Reply(delivery: .silence) }
        // Both the fetch and the connection have this long; without a limit the test would not end.
        let fetcher = Self.fetcher(duration: .milliseconds(200))
        let error = await Self.failure(fetcher, "http://127.0.0.1:\(server.port)/")
        #expect(error?.code == .invalidInput)
    }

    @Test func whereNobodyListensThereIsNoPicture() async throws {
        // Port 1 is nobody's.
        let error = await Self.failure(Self.fetcher(duration: .seconds(1)), "http://127.0.0.1:1/")
        #expect(error?.code == .invalidInput)
    }

    /// What the library that connects does not survive.
    @Test(arguments: [65_536, 99_999_999]) func portsThatAreNoneAreRefused(port: Int) async throws {
        let url = "http://127.0.0.1:\(port)/"
        #expect(await Self.failure(Self.fetcher(), url)?.code == .invalidInput)
        let server = try await redirecting(to: url)
        #expect(await Self.failure(Self.fetcher(), "http://127.0.0.1:\(server.port)/")?.code == .invalidInput)
    }

    @Test(arguments: [0, 1000]) func aPictureThatBreaksOffIsNotTheServersTrouble(length: Int) async throws {
        let server = try await LocalServer { _ in
            Reply(body: Self.picture, delivery: .cut(after: length))
        }
        let error = await Self.failure(Self.fetcher(), "http://127.0.0.1:\(server.port)/")
        #expect(error?.code == .invalidInput, "\(String(describing: error))")
    }
}
