import AsyncHTTPClient
import Foundation
import GlimpseResources
import GlimpseServer
import NIOCore
import NIOHTTP1
import Testing

/// Who may talk to the server.
@Suite(.timeLimit(.minutes(5)))
struct AccessTests {
    private static let path = "/api/v1/embeddings"
    private static let text = #"{"inputs": [{"text": "a cat"}]}"#

    /// Pages of an attacker whose name leads here (DNS rebinding) see nothing.
    @Test func whoCallsTheServerByAnotherNameIsRefused() async throws {
        let live = try await LiveServer { $0.allowedHosts = ["NAS.local"] }
        for host in ["evil.example", "evil.example:\(live.port)", "localhost.evil.example", "nas.local.evil.example"] {
            for path in ["/", "/app.js", "/api/v1/health", "/api/v1/library", "/ping", "/metrics", "/nothing"] {
                let answer = try await live.get(path, headers: [("Host", host)])
                #expect(answer.status == 403, "\(host)\(path): \(answer)")
                // immich's clients are told in their own way.
                #expect(path == "/ping" || answer.error?.code == "forbidden", "\(host)\(path): \(answer)")
            }
            #expect(try await live.post(Self.path, json: Self.text, headers: [("Host", host)]).status == 403)
        }
        for host in ["nas.local", "NAS.LOCAL:80", "localhost", "127.0.0.1", "[::1]:\(live.port)"] {
            #expect(try await live.get("/api/v1/health", headers: [("Host", host)]).status == 200, "\(host)")
        }
    }

    @Test func pagesOfOtherSitesMayNotSend() async throws {
        let live = try await LiveServer()
        let foreign = [
            ("Origin", "http://evil.example"), ("Origin", "null"), ("Origin", "http://127.0.0.1:1"),
            ("Origin", "https://evil.example"), ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Site", "same-site"),
        ]
        for header in foreign {
            for path in [
                Self.path, "/clip/embed_text", "/predict", "/v1/embeddings", "/knn-service", "/api/v1/session",
            ] {
                let answer = try await live.post(path, json: Self.text, headers: [header])
                #expect(answer.status == 403, "\(header) \(path): \(answer)")
            }
            for path in ["/api/v1/library/index", "/api/v1/duplicates/undo"] {
                #expect(try await live.send(.POST, path, headers: [header]).status == 403)
            }
            #expect(try await live.send(.DELETE, "/api/v1/library/index", headers: [header]).status == 403)
            // They may ask, but the browser does not let them read the answer.
            let answer = try await live.get("/api/v1/health", headers: [header])
            #expect(answer.status == 200 && answer.header("Access-Control-Allow-Origin") == nil)
        }
        for header in [
            ("Origin", "http://127.0.0.1:\(live.port)"), ("Sec-Fetch-Site", "same-origin"), ("Sec-Fetch-Site", "none"),
        ] {
            #expect(try await live.post(Self.path, json: Self.text, headers: [header]).status == 200, "\(header)")
        }
    }

    @Test func withATokenOnlyWhoShowsItIsAnswered() async throws {
        let live = try await LiveServer { $0.token = "s3cret" }
        for path in ["/api/v1/library", "/api/v1/models", "/api/v1/openapi.json", "/metrics", "/v1/models", "/nothing"]
        {
            let answer = try await live.get(path)
            #expect(answer.status == 401 && answer.error?.code == "unauthorized", "\(path): \(answer)")
            #expect(answer.header("WWW-Authenticate")?.hasPrefix("Bearer") == true)
        }
        for header in [
            ("Authorization", "Bearer s3cre"), ("Authorization", "Bearer s3crets"), ("Authorization", "Bearer "),
            ("Authorization", "Basic s3cret"), ("Authorization", "s3cret"), ("Cookie", "glimpse-session=other"),
            ("Cookie", "session=s3cret"), ("X-API-Key", "s3cret"),
        ] {
            #expect(try await live.get("/api/v1/library", headers: [header]).status == 401, "\(header)")
        }
        for scheme in ["Bearer", "bearer", "BEARER"] {
            let header = ("Authorization", "\(scheme) s3cret")
            #expect(try await live.get("/api/v1/library", headers: [header]).status == 200)
            #expect(try await live.post(Self.path, json: Self.text, headers: [header]).status == 200)
        }
        #expect(try await live.post(Self.path, json: Self.text).status == 401)
    }

    @Test func whatShowsNothingIsOpen() async throws {
        let live = try await LiveServer { $0.token = "s3cret" }
        for path in ["/", "/index.html", "/app.js", "/style.css", "/api/v1/health", "/ping"] {
            #expect(try await live.get(path).status == 200, "\(path)")
        }
        #expect(try await live.get("/api/v1/health").text.contains("\"needsToken\":true"))
    }

    @Test func browsersGetACookieForTheToken() async throws {
        let live = try await LiveServer { $0.token = "s3cret" }
        for body in [#"{"token": "wrong"}"#, #"{"token": "s3cret "}"#] {
            let answer = try await live.post("/api/v1/session", json: body)
            #expect(answer.status == 401 && answer.header("Set-Cookie") == nil, "\(answer)")
        }
        for body in ["{}", #"{"token": ""}"#, #"{"token": 1}"#] {
            #expect(try await live.post("/api/v1/session", json: body).status == 400)
        }
        let answer = try await live.post("/api/v1/session", json: #"{"token": "s3cret"}"#)
        let cookie = try #require(answer.header("Set-Cookie"))
        #expect(answer.status == 204 && cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"))
        #expect(!cookie.contains("Secure"))
        let proxied = try await live.post(
            "/api/v1/session", json: #"{"token": "s3cret"}"#, headers: [("X-Forwarded-Proto", "https")])
        #expect(proxied.header("Set-Cookie")?.contains("; Secure") == true)
        let pair = try #require(cookie.split(separator: ";").first)
        #expect(try await live.get("/api/v1/library", headers: [("Cookie", "a=b; \(pair)")]).status == 200)
        let ended = try await live.send(.DELETE, "/api/v1/session", headers: [("Cookie", String(pair))])
        #expect(ended.status == 204 && ended.header("Set-Cookie")?.contains("Max-Age=0") == true)
    }

    /// Its own clients send the token in the body or in the address.
    @Test func roboflowsClientsShowTheTokenTheirWay() async throws {
        let live = try await LiveServer { $0.token = "s3cret" }
        for (path, body, status) in [
            ("/clip/embed_text", #"{"text": "a cat"}"#, 401),
            ("/clip/embed_text", #"{"text": "a cat", "api_key": "wrong"}"#, 401),
            ("/clip/embed_text", #"{"text": "a cat", "api_key": "s3cret"}"#, 200),
            ("/clip/embed_text?api_key=wrong", #"{"text": "a cat"}"#, 401),
            ("/clip/embed_text?api_key=s3cret", #"{"text": "a cat"}"#, 200),
            // Elsewhere the body is no place for it.
            (Self.path, #"{"inputs": [{"text": "a cat"}], "api_key": "s3cret"}"#, 401),
        ] {
            #expect(try await live.post(path, json: body).status == status, "\(path) \(body)")
        }
    }

    @Test func everyAnswerTellsBrowsersWhatTheyMayDoWithIt() async throws {
        let live = try await LiveServer()
        let answers = [
            try await live.get("/"), try await live.get("/api/v1/health"), try await live.get("/nothing"),
            try await live.get("/api/v1/health", headers: [("Host", "evil.example")]),
            try await live.post(Self.path, json: "{"), try await live.send(.PUT, "/"),
        ]
        for answer in answers {
            #expect(answer.header("Content-Security-Policy")?.contains("frame-ancestors 'none'") == true, "\(answer)")
            #expect(answer.header("X-Content-Type-Options") == "nosniff")
            #expect(answer.header("Cross-Origin-Resource-Policy") == "same-origin")
        }
    }

    @Test func headsAreAnswersWithoutBodies() async throws {
        let live = try await LiveServer()
        for path in ["/", "/app.js", "/api/v1/health", "/api/v1/openapi.json"] {
            let (head, whole) = (try await live.send(.HEAD, path), try await live.get(path))
            #expect(head.status == 200 && head.body.isEmpty, "\(path)")
            #expect(head.header("Content-Type") == whole.header("Content-Type"))
        }
    }

    @Test func thePageIsNotSentTwice() async throws {
        let live = try await LiveServer()
        let first = try await live.get("/app.js")
        #expect(first.status == 200 && first.body == Data(Resources.page["/app.js"] ?? []))
        #expect(first.header("Content-Type") == "text/javascript; charset=utf-8")
        let tag = try #require(first.header("ETag"))
        let second = try await live.get("/app.js", headers: [("If-None-Match", tag)])
        #expect(second.status == 304 && second.body.isEmpty)
    }
}
