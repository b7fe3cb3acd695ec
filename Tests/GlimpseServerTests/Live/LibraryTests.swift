import AsyncHTTPClient
import Foundation
import GlimpseLibrary
import GlimpseMedia
import GlimpseModels
import GlimpseServer
import NIOCore
import NIOHTTP1
import TestSupport
import Testing

/// What clients see of the library, and do with it.
@Suite(.timeLimit(.minutes(5)))
struct LibraryTests {
    private let place: ServerPlace

    /// Four pictures, the first of which is there twice.
    init() async throws {
        place = try ServerPlace()
        for number in 0..<4 {
            let picture = try TestPictures.scene(number, width: 400, height: 300).encodedJPEG(quality: 90)
            try place.folder.write(picture, to: "pictures/\(number).jpg")
            if number == 0 { try place.folder.write(picture, to: "pictures/copy.jpg") }
        }
        try await place.index()
    }

    private func path(_ name: String) -> String { place.folder.path("pictures/\(name)") }
    private func bytes(_ name: String) throws -> Data { try Data(contentsOf: URL(filePath: path(name))) }
    private func address(_ name: String) throws -> String {
        "/api/v1/pictures/\(try ContentHash(ofFileAt: path(name)))"
    }

    @Test func aPictureIsKnownByItsDigest() async throws {
        let live = try await LiveServer(at: place)
        let address = try address("1.jpg")
        let picture = try await live.get(address)
        let expected = try bytes("1.jpg")
        #expect(picture.status == 200 && picture.body == expected)
        #expect(picture.header("Content-Type") == "image/jpeg")
        #expect(picture.header("Cache-Control")?.contains("private") == true)
        let tag = try #require(picture.header("ETag"))
        let again = try await live.get(address, headers: [("If-None-Match", tag)])
        #expect(again.status == 304 && again.body.isEmpty && again.header("ETag") == tag)
        #expect(try await live.get(address, headers: [("If-None-Match", "\"other\"")]).status == 200)

        struct Details: Decodable {
            let path: String
            let width: Int
            let height: Int
            let byteCount: Int
        }
        let details = try await live.get(address + "/details").decoded(Details.self)
        #expect(details.path == path("1.jpg") && details.byteCount == expected.count)
        #expect(details.width == 400 && details.height == 300)
    }

    @Test func thumbnailsAreSmallPictures() async throws {
        let live = try await LiveServer(at: place)
        let address = try address("1.jpg") + "/thumbnail"
        var tags: Set<String> = []
        for (size, width) in [(160, 160), (320, 320), (640, 400)] {
            let first = try await live.get(address + "?size=\(size)")
            #expect(first.status == 200 && first.header("Content-Type") == "image/jpeg")
            let picture = try ImageDecoder().decode(first.body, name: "the thumbnail")
            #expect(picture.width == width && abs(picture.height - width * 3 / 4) <= 1)
            let tag = try #require(first.header("ETag"))
            tags.insert(tag)
            let second = try await live.get(address + "?size=\(size)")
            #expect(second.body == first.body && second.header("ETag") == tag)
            let third = try await live.get(address + "?size=\(size)", headers: [("If-None-Match", tag)])
            #expect(third.status == 304 && third.body.isEmpty)
        }
        #expect(tags.count == 3)
        for size in ["0", "161", "-1", "99999", "big", ""] {
            #expect(try await live.get(address + "?size=\(size)").status == 400, "\(size)")
        }
    }

    @Test func onlyPicturesOfTheLibraryAreShown() async throws {
        let live = try await LiveServer(at: place)
        let unknown = String(repeating: "0123456789abcdef", count: 4)
        for rest in ["", "/thumbnail", "/details"] {
            let missing = try await live.get("/api/v1/pictures/\(unknown)\(rest)")
            #expect(missing.status == 404 && missing.error?.code == "notFound", "\(missing)")
            for name in ["..%2F..%2Fetc%2Fpasswd", "%2Fetc%2Fpasswd", "1.jpg", "%00", unknown + "0", "copy"] {
                let answer = try await live.get("/api/v1/pictures/\(name)\(rest)")
                #expect(answer.status == 400 && answer.error?.code == "invalidInput", "\(name)\(rest): \(answer)")
            }
        }
        let address = try address("2.jpg")
        try FileManager.default.removeItem(atPath: path("2.jpg"))
        #expect(try await live.get(address).status == 404)
        #expect(try await live.get(address + "/thumbnail").status == 404)
        // Another picture in its place is not what was asked for.
        try place.folder.write(try bytes("3.jpg"), to: "pictures/2.jpg")
        #expect(try await live.get(address).status == 404)
    }

    /// A client that writes a path gets what its letters mean, and nothing of the file.
    @Test func pathsAreWords() async throws {
        let live = try await LiveServer(at: place)
        let secret = try place.folder.write(try bytes("3.jpg"), to: "secret")
        for path in [secret, path("3.jpg"), "./3.jpg", "3.jpg"] {
            let words = try #require(path.addingPercentEncoding(withAllowedCharacters: .alphanumerics))
            let found = try await live.get("/api/v1/search?q=\(words)&all=true&top=10")
            #expect(found.status == 200, "\(path): \(found)")
            let body = "{\"terms\": [{\"text\": \(try jsonText(path))}], \"all\": true, \"top\": 10}"
            let expected = try await live.post("/api/v1/search", json: body).decoded(PictureAnswer.self).answers
            let answers = try? found.decoded(PictureAnswer.self).answers
            #expect(answers?.map(\.id) == expected.map(\.id), "\(path)")
            expectClose(answers?.map(\.score) ?? [], expected.map(\.score), tolerance: 1e-4, "\(path)")
            #expect(expected.count == 4 && expected.allSatisfy { $0.score < 0.99 })
        }
    }

    @Test func wordsFindWhatTheModelSays() async throws {
        let live = try await LiveServer(at: place)
        let answer = try await live.get("/api/v1/search?q=a%20cat&all=true").decoded(PictureAnswer.self)
        // As forms write it.
        let plus = try await live.get("/api/v1/search?q=a+cat&all=true").decoded(PictureAnswer.self)
        #expect(plus.answers.map(\.id) == answer.answers.map(\.id))
        let embedder = try ServerPlace.embedder()
        let text = try embedder.embed(texts: ["a cat"])[0]
        #expect(answer.model == "hf-clip" && answer.answers.count == 4)
        for picture in answer.answers {
            let pixels = try ImageDecoder().decode(path: picture.path)
            let cosine = try embedder.embed(pictures: [pixels])[0].cosine(to: text)
            #expect(abs(cosine - picture.score) < 1e-4, "\(picture)")
        }
        let scores = answer.answers.map(\.score)
        #expect(scores == scores.sorted(by: >))
    }

    @Test func aPictureFindsItself() async throws {
        let live = try await LiveServer(at: place)
        let picture = try bytes("0.jpg")
        let identifier = try ContentHash(ofFileAt: path("0.jpg")).description
        for answer in [
            try await live.post("/api/v1/similar", picture, type: "image/jpeg"),
            try await live.post("/api/v1/similar", json: try jsonText(["image": picture.base64EncodedString()])),
        ] {
            let first = try #require(try answer.decoded(PictureAnswer.self).answers.first)
            #expect(first.id == identifier && first.score > 0.999 && first.tier == "identical")
        }
        let others = try await live.get("/api/v1/similar?picture=\(identifier)").decoded(PictureAnswer.self).answers
        #expect(!others.isEmpty)
        #expect(try await live.get("/api/v1/similar").status == 400)
    }

    @Test func duplicatesAreInGroups() async throws {
        let live = try await LiveServer(at: place)
        let answer = try await live.get("/api/v1/duplicates?tier=identical").decoded(DuplicateAnswer.self)
        #expect(answer.groupCount == 1 && answer.surplusCount == 1 && !answer.canUndo)
        let expected = try bytes("0.jpg").count
        #expect(answer.surplusByteCount == expected)
        let files = try #require(answer.groups.first).files
        #expect(Set(files.map(\.path)) == [path("0.jpg"), path("copy.jpg")])
        #expect(files.filter(\.isKept).count == 1)
        let elsewhere = try await live.get("/api/v1/duplicates?under=/nowhere").decoded(DuplicateAnswer.self)
        #expect(elsewhere.groups.isEmpty)
        for query in ["tier=other", "keep=prettiest", "top=0", "under=pictures", "offset=-1"] {
            #expect(try await live.get("/api/v1/duplicates?\(query)").status == 400, "\(query)")
        }
    }

    @Test func onlyWhatIsInAGroupCanBeGivenUp() async throws {
        let live = try await LiveServer(at: place)
        for body in [
            "{}", #"{"groups": []}"#, #"{"groups": [{}]}"#, #"{"groups": [{"keep": "a"}]}"#,
            #"{"groups": [{"keep": 1, "remove": ["b"]}]}"#, #"{"groups": [{"keep": "a", "remove": [1]}]}"#,
        ] {
            #expect(try await live.post("/api/v1/duplicates/trash", json: body).status == 400, "\(body)")
        }
        for (keep, remove) in [("a", "b"), (path("0.jpg"), path("copy.jpg")), ("", "")] {
            let (kept, surplus) = (try jsonText(keep), try jsonText(remove))
            let body = "{\"groups\": [{\"keep\": \(kept), \"remove\": [\(surplus)]}]}"
            let answer = try await live.post("/api/v1/duplicates/trash", json: body)
            #expect([200, 404].contains(answer.status) && !answer.text.contains("\"path\""), "\(answer)")
        }
        #expect(FileManager.default.fileExists(atPath: path("0.jpg")))
        #expect(FileManager.default.fileExists(atPath: path("copy.jpg")))
    }

    @Test func aServerThatOnlyReadsChangesNothing() async throws {
        let live = try await LiveServer(at: place) { $0.isReadOnly = true }
        let files = try await live.get("/api/v1/duplicates").decoded(DuplicateAnswer.self).groups.first?.files ?? []
        let kept = try #require(files.first { $0.isKept }).id
        let surplus = try #require(files.first { !$0.isKept }).id
        let body = "{\"groups\": [{\"keep\": \"\(kept)\", \"remove\": [\"\(surplus)\"]}]}"
        for answer in [
            try await live.post("/api/v1/duplicates/trash", json: body),
            try await live.send(.POST, "/api/v1/duplicates/undo"),
            try await live.send(.POST, "/api/v1/library/index"),
        ] {
            #expect(answer.status == 403 && answer.error?.code == "forbidden", "\(answer)")
        }
        #expect(files.allSatisfy { FileManager.default.fileExists(atPath: $0.path) })
        #expect(try await live.get("/api/v1/library").text.contains("\"isReadOnly\":true"))
    }

    /// The status comes first, and then what happens.
    @Test func whoListensHears() async throws {
        let live = try await LiveServer(at: place)
        try place.folder.write(try TestPictures.scene(9).encodedJPEG(quality: 90), to: "pictures/new.jpg")
        let request = HTTPClientRequest(url: live.address("/api/v1/library/events"))
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(200))
        #expect(response.status == .ok && response.headers.first(name: "Content-Type") == "text/event-stream")
        var heard = ""
        var isIndexing = false
        for try await chunk in response.body {
            heard += String(buffer: chunk)
            if !isIndexing, heard.contains("\n\n") {
                isIndexing = true
                #expect(heard.hasPrefix("event: status\ndata: {"))
                #expect(try await live.send(.POST, "/api/v1/library/index").status == 202)
            }
            if let end = heard.range(of: "event: finished\n"), heard[end.upperBound...].contains("\n\n") { break }
        }
        let last = try #require(heard.components(separatedBy: "event: finished\ndata: ").last)
        #expect(last.contains("\"embedded\":1") && last.contains("\"error\":null"), "\(heard)")
        #expect(try await live.get("/api/v1/library").text.contains("\"contentCount\":5"))
    }
}

/// Groups of duplicates as a server gives them.
struct DuplicateAnswer: Decodable, Sendable {
    struct File: Decodable, Sendable {
        let id: String
        let path: String
        let isKept: Bool
    }

    struct Group: Decodable, Sendable {
        let tier: String
        let files: [File]
    }

    let groupCount: Int
    let surplusCount: Int
    let surplusByteCount: Int
    let canUndo: Bool
    let groups: [Group]
}
