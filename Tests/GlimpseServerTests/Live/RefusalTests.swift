import AsyncHTTPClient
import Foundation
import GlimpseMedia
import GlimpseServer
import NIOCore
import NIOHTTP1
import TestSupport
import Testing

/// Requests that cannot be answered are told so, and nothing about the server.
@Suite(.timeLimit(.minutes(5)))
struct RefusalTests {
    private static let path = "/api/v1/embeddings"
    private static let text = #"{"inputs": [{"text": "a cat"}]}"#

    /// A picture that takes long enough to decode that nobody can mistake it for nothing.
    private static func slowInputs(_ count: Int) throws -> String {
        let picture = TestPictures.waves(1).resized(width: 1600, height: 1200, filter: .bilinear)
        let text = try picture.encodedJPEG(quality: 90).base64EncodedString()
        return try jsonText(["inputs": Array(repeating: ["image": text], count: count)])
    }

    @Test func aModelThatIsNotThere() async throws {
        let live = try await LiveServer()
        for name in ["nope", "../../etc", "/etc", "", String(repeating: "x", count: 5000)] {
            let body = "{\"inputs\": [{\"text\": \"a cat\"}], \"model\": \(try jsonText(name))}"
            let answer = try await live.post(Self.path, json: body)
            #expect(answer.status == 400 && answer.error?.code == "invalidInput", "\(answer)")
            // Where the server's own model is concerns nobody.
            #expect(answer.error?.remedy?.contains("/") != true, "\(answer)")
            #expect(answer.body.count < 1000)
        }
    }

    @Test func aPictureThatCannotBeRead() async throws {
        let live = try await LiveServer()
        let jpeg = try TestPictures.waves(1).encodedJPEG(quality: 90)
        for bytes in [Data("hello".utf8), Data([0]), jpeg.prefix(jpeg.count / 2), jpeg.dropFirst(2)] {
            let picture = Data(bytes)
            let body = try jsonText(["inputs": [["text": "a cat"], ["image": picture.base64EncodedString()]]])
            for answer in [
                try await live.post(Self.path, json: body),
                try await live.post(Self.path, picture, type: "image/jpeg"),
                try await live.post("/api/v1/similar", picture, type: "image/jpeg"),
            ] {
                #expect(answer.status == 400 && answer.error?.code == "unreadablePicture", "\(answer)")
                #expect(answer.error?.message.contains("/") == false, "\(answer)")
            }
        }
        #expect(try await live.post(Self.path, Data(), type: "image/jpeg").status == 400)
    }

    @Test func aPictureOfTooManyPixels() async throws {
        let live = try await LiveServer { $0.pixelLimit = 1000 }
        for bytes in [TestPictures.promise(width: 60_000, height: 60_000), try TestPictures.waves(1).encodedPNG()] {
            let answer = try await live.post(Self.path, bytes, type: "image/png")
            #expect(answer.status == 413 && answer.error?.code == "payloadTooLarge", "\(answer)")
        }
    }

    @Test func aBodyThatIsTooLong() async throws {
        let live = try await LiveServer { $0.bodyLimit = 10_000 }
        let bytes = [UInt8](repeating: 0x20, count: 20_000)
        for length in [HTTPClientRequest.Body.Length.known(Int64(20_000)), .unknown] {
            let answer = try await live.send(
                .POST, Self.path, headers: [("Content-Type", "application/json")],
                body: .bytes(bytes, length: length))
            #expect(answer.status == 413 && answer.error?.code == "payloadTooLarge", "\(answer)")
        }
        #expect(try await live.post(Self.path, json: Self.text).status == 200)
        let longest = Self.text + String(repeating: " ", count: 10_000 - Self.text.utf8.count)
        #expect(try await live.post(Self.path, json: longest).status == 200)
    }

    @Test func aMethodThatDoesNothing() async throws {
        let live = try await LiveServer()
        for (method, path, allowed) in [
            (HTTPMethod.PUT, Self.path, "POST"), (.GET, Self.path, "POST"), (.DELETE, "/", "GET"),
            (.GET, "/api/v1/library/index", "DELETE, POST"), (.PATCH, "/api/v1/search", "GET, POST"),
            (.DELETE, "/api/v1/pictures/abc/thumbnail", "GET"), (.POST, "/app.js", "GET"),
        ] {
            let answer = try await live.send(method, path)
            #expect(answer.status == 405 && answer.error?.code == "methodNotAllowed", "\(answer)")
            let found = answer.header("Allow")?.components(separatedBy: ", ").filter { $0 != "HEAD" }
            #expect(found?.joined(separator: ", ") == allowed, "\(method) \(path)")
        }
    }

    @Test func aPathThatLeadsNowhere() async throws {
        let live = try await LiveServer()
        for path in ["/nothing", "/api", "/api/v1", "/api/v2/health", "/index", "/..%2fetc%2fpasswd", "/web/app.js"] {
            let answer = try await live.get(path)
            #expect(answer.status == 404 && answer.error?.code == "notFound", "\(path): \(answer)")
        }
    }

    /// Bodies that are no JSON, or not what was asked for.
    private static let bodies = [
        "", " ", "{", "}", "[]", "null", "\"text\"", "{}", #"{"inputs"}"#, #"{"inputs": }"#, #"{"inputs": 1}"#,
        #"{"inputs": []}"#, #"{"inputs": [1]}"#, #"{"inputs": [{}]}"#, #"{"inputs": [{"text": 1}]}"#,
        #"{"inputs": [{"text": "a"#, #"{"inputs": [{"text": "a"}]"#, #"{"inputs": [{"text": "a"}]} x"#,
        #"{"inputs": [{"text": "\ud800"}]}"#, #"{"inputs": [{"text": "\x"}]}"#, #"{"inputs": 1e999}"#,
        #"{"inputs": [{"text": "a"}], "model": 123456789012345678901234567890}"#,
        #"{"inputs": [{"text": "a"}], "model": 1e999}"#,
        #"{"inputs": [{"text": "a"}], "x": NaN}"#, #"{"inputs": [{"text": "a"}], "x": -Infinity}"#,
        #"{"inputs": [{"text": "a"}], "x": 01}"#, #"{"inputs": [{"text": "a"}], "modle": "lite"}"#, "\u{FEFF}{}",
        "{\"inputs\": [{\"text\": \"a\nb\"}]}",
        String(repeating: "[", count: 1000) + String(repeating: "]", count: 1000),
        String(repeating: "{\"a\":", count: 100_000),
        "{\"inputs\": " + String(repeating: "[", count: 1000) + String(repeating: "]", count: 1000) + "}",
        "{\"x\": [" + String(repeating: "0,", count: 200_001) + "0]}",
        "{\"inputs\": [{\"text\": \"" + String(repeating: "a", count: 70_000) + "\"}]}",
    ]

    @Test func jsonThatIsWrong() async throws {
        let live = try await LiveServer()
        for body in Self.bodies {
            let answer = try await live.post(Self.path, json: body)
            #expect(answer.status == 400 && answer.error?.code == "invalidInput", "\(body.prefix(100)): \(answer)")
        }
        let binary = try await live.post(Self.path, Data([0xFF, 0xFE, 0x7B, 0x00]), type: "application/json")
        #expect(binary.status == 400)
    }

    @Test func questionsThatMakeNoSense() async throws {
        let live = try await LiveServer()
        for member in [
            #""top": 1e999"#, #""top": 123456789012345678901234567890"#, #""top": 0"#, #""top": -1"#, #""top": 1.5"#,
            #""minScore": 1e999"#, #""near": "nan,nan""#, #""near": "1,1", "within": -1"#,
            #""since": "99999999999999999999""#,
            #""size": "1e400MB""#, #""under": "relative""#, #""under": "/a/../b""#, #""type": "smell""#,
        ] {
            let answer = try await live.post("/api/v1/search", json: "{\"q\": \"a cat\", \(member)}")
            #expect(answer.status == 400 && answer.error?.code == "invalidInput", "\(member): \(answer)")
        }
        for query in ["q=%FF", "q=a&q=b", "q=", "", "q=a&tpo=5"] {
            #expect(try await live.get("/api/v1/search?\(query)").status == 400, "\(query)")
        }
        for weight in ["1e999", "1e39", "\(Int.min)", "\(Int.max)", "1001", "-1001", "\"2\"", "true", "[1]"] {
            let body = "{\"terms\": [{\"text\": \"a cat\", \"weight\": \(weight)}]}"
            let answer = try await live.post("/api/v1/search", json: body)
            #expect(answer.status == 400 && answer.error?.code == "invalidInput", "\(weight): \(answer)")
        }
    }

    @Test func aBodyOfAnotherType() async throws {
        let live = try await LiveServer()
        for type in ["text/plain", "application/xml", "application/x-www-form-urlencoded", "video/mp4"] {
            let answer = try await live.post(Self.path, Data(Self.text.utf8), type: type)
            #expect(answer.status == 415 && answer.error?.code == "unsupportedMediaType", "\(answer)")
        }
        let encoded = try await live.post(
            Self.path, Data(Self.text.utf8), type: "application/json", headers: [("Content-Encoding", "gzip")])
        #expect(encoded.status == 415)
        let untyped = try await live.send(.POST, Self.path, body: .bytes(ByteBuffer(string: Self.text)))
        #expect(untyped.status == 415)
    }

    @Test func anAddressWhereNoneIsFetched() async throws {
        let live = try await LiveServer()
        let answer = try await live.post(Self.path, json: #"{"inputs": [{"url": "http://127.0.0.1:1/"}]}"#)
        #expect(answer.status == 403 && answer.error?.code == "forbidden", "\(answer)")
    }

    @Test func anAddressInThePrivateNetwork() async throws {
        let live = try await LiveServer { $0.fetchesAddresses = true }
        for host in ["127.0.0.1:\(live.port)", "localhost:\(live.port)", "[::1]:\(live.port)", "169.254.169.254"] {
            let answer = try await live.post(Self.path, json: "{\"inputs\": [{\"url\": \"http://\(host)/\"}]}")
            #expect(answer.status == 403 && answer.error?.code == "forbidden", "\(answer)")
        }
    }

    /// Who comes alone is answered, however much it is.
    @Test func moreInputsThanMayWaitAtOnce() async throws {
        let live = try await LiveServer { $0.queueLimit = 1 }
        #expect(try await live.post(Self.path, json: try Self.slowInputs(8)).status == 200)
    }

    /// Who comes while as much waits as may wait comes back later.
    @Test func requestsWhileTheLineIsFull() async throws {
        let live = try await LiveServer { $0.queueLimit = 1 }
        // Far more work than the rest of this takes; it is given up when all is seen.
        let flat = Pixels(width: 6000, height: 4000, bytes: [UInt8](repeating: 80, count: 72_000_000))
        let picture = try flat.encodedPNG().base64EncodedString()
        let slow = try jsonText(["inputs": Array(repeating: ["image": picture], count: 256)])
        let openAI = "{\"model\": \"\(ServerPlace.modelName)\", \"input\": [\"a cat\"]}"
        let first = Task { try await live.post(Self.path, json: slow) }
        defer { first.cancel() }
        let isFull = try await eventually {
            let metrics = try await live.get("/metrics").text
            return metrics.contains(/(?m)^glimpse_waiting_inputs [1-9]/)
        }
        #expect(isFull)
        // With the words that end a connection a request goes a longer way, to the same answer.
        for headers in [[], [("Connection", "close")]] {
            let second = try await live.post(Self.path, json: Self.text, headers: headers)
            #expect(second.status == 503 && second.error?.code == "overloaded", "\(second)")
            #expect(second.header("Retry-After").flatMap { Int($0) } ?? 0 >= 1)
            #expect(second.header("Content-Type") == "application/json")
            #expect(second.header("X-Content-Type-Options") == "nosniff")
            // Only what became a task is timed.
            #expect((second.header("X-Processing-Time") == nil) == headers.isEmpty)
            #expect(try await live.post("/v1/embeddings", json: openAI, headers: headers).status == 429)
        }
        // A long body is passed over, and its connection serves on; what needs no model is answered all the while.
        let long = Data(repeating: 0, count: 3 << 20)
        #expect(try await live.post("/predict", long, type: "multipart/form-data; boundary=x").status == 503)
        #expect(try await live.get("/api/v1/search?q=cat").status == 503)
        #expect(try await live.get("/api/v1/duplicates").status != 503)
        #expect(try await live.get("/api/v1/pictures").status == 200)
        let metrics = try await live.get("/metrics").text
        #expect(metrics.contains(/(?m)^glimpse_requests_total\{route="\/predict",method="POST",status="503"\} 1$/))
        first.cancel()
        await #expect {
            try await first.value
        } throws: { error in
            error is CancellationError || error as? HTTPClientError == .cancelled
        }
        #expect(try await eventually { try await live.post(Self.path, json: Self.text).status == 200 })
        #expect(try await live.post("/v1/embeddings", json: openAI).status == 200)
    }

    @Test func whoeverDoesNotWaitIsToldSo() async throws {
        let live = try await LiveServer()
        let body = try Self.slowInputs(48)
        let answer = try await live.post(Self.path, json: body, headers: [("Prefer", "respond-async, wait=0")])
        #expect(answer.status == 504 && answer.error?.code == "deadlineExceeded", "\(answer)")
        // What nobody waits for any more is in nobody's way.
        #expect(try await live.post(Self.path, json: Self.text).status == 200)
    }

    @Test func theServerDoesNotWaitForEverEither() async throws {
        let live = try await LiveServer { $0.requestTimeout = .milliseconds(20) }
        let body = try Self.slowInputs(48)
        let answer = try await live.post(Self.path, json: body, headers: [("Prefer", "wait=600")])
        #expect(answer.status == 504, "\(answer)")
    }

    @Test func preferencesThatMakeNoSense() async throws {
        let live = try await LiveServer()
        for preference in [
            "wait", "wait=", "wait=abc", "wait=inf", "wait=1e400", "wait=nan", "wait=-nan", ",;=,", "\"",
        ] {
            let answer = try await live.post(Self.path, json: Self.text, headers: [("Prefer", preference)])
            #expect([200, 400, 504].contains(answer.status), "\(preference): \(answer)")
        }
        #expect(try await live.get("/api/v1/health").status == 200)
    }
}
