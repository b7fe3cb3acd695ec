import AsyncHTTPClient
import Foundation
import GlimpseMedia
import GlimpseModels
import GlimpseServer
import NIOCore
import NIOHTTP1
import TestSupport
import Testing

/// Clients get the vectors of the model, in whichever way they ask.
@Suite(.timeLimit(.minutes(5)))
struct EmbeddingTests {
    /// In batches of another size sums may be added in another order.
    private static let tolerance: Float = 1e-5

    private let embedder: Embedder

    init() throws {
        embedder = try ServerPlace.embedder()
    }

    /// The vector of a picture file.
    private func embedding(of bytes: Data) throws -> [Float] {
        try embedder.embed(pictures: [ImageDecoder().decode(bytes, name: "the picture")])[0].values
    }

    /// A form with one picture and one text.
    private static func form(_ picture: Data, _ text: String) -> Data {
        var form = Data("--B7\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a;b.png\"\r\n\r\n".utf8)
        form.append(picture)
        form.append(Data("\r\n--B7\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\n\(text)\r\n--B7--\r\n".utf8))
        return form
    }

    @Test func everyWayOfSendingGivesTheSame() async throws {
        let live = try await LiveServer()
        let png = try TestPictures.waves(3).encodedPNG()
        let (picture, text) = (try embedding(of: png), try embedder.embed(texts: ["a cat"])[0].values)
        let inputs = [["text": "a cat"], ["image": png.base64EncodedString()]]
        let answers: [(Answer, [[Float]])] = [
            (try await live.post("/api/v1/embeddings", json: try jsonText(["inputs": inputs])), [text, picture]),
            (
                try await live.post(
                    "/api/v1/embeddings", Self.form(png, "a cat"), type: "multipart/form-data; boundary=B7"),
                [picture, text]
            ),
            (try await live.post("/api/v1/embeddings", png, type: "image/png"), [picture]),
            (try await live.post("/api/v1/embeddings", png, type: "application/octet-stream"), [picture]),
        ]
        for (answer, expected) in answers {
            #expect(answer.status == 200, "\(answer)")
            let found = try answer.decoded(EmbeddingAnswer.self)
            #expect(found.model == ServerPlace.modelName && found.dimension == embedder.model.identity.dimension)
            #expect(found.fingerprint == embedder.model.identity.fingerprint)
            #expect(found.embeddings.count == expected.count)
            for (vector, other) in zip(found.embeddings, expected) {
                expectClose(vector, other, tolerance: Self.tolerance)
            }
        }
    }

    /// Inputs of many clients run together, and each client gets its own vector.
    @Test func manyClientsAtOnceGetTheirOwn() async throws {
        let live = try await LiveServer()
        let texts = (0..<60).map { "text number \($0) of many, \(String(repeating: "and ", count: $0 % 7))more" }
        let pictures = try (0..<12).map { try TestPictures.waves(7 * $0).encodedPNG() }
        let inputs = texts.map { ["text": $0] } + pictures.map { ["image": $0.base64EncodedString()] }
        let bodies = try inputs.map { try jsonText(["inputs": [$0]]) }
        let expected = try embedder.embed(texts: texts).map(\.values) + pictures.map { try embedding(of: $0) }

        var configuration = HTTPClient.Configuration()
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = bodies.count
        let found = try await HTTPClient.withHTTPClient(configuration: configuration) { client in
            try await Self.vectors(of: bodies, from: live, client)
        }
        for (number, vector) in expected.enumerated() {
            let own = try #require(found[number], "request \(number)")
            expectClose(own, vector, tolerance: Self.tolerance, "request \(number)")
            let cosines = expected.map { cosine(own, $0) }
            #expect(cosines.indices.max { cosines[$0] < cosines[$1] } == number)
        }
    }

    private static func vectors(
        of bodies: [String], from live: LiveServer, _ client: HTTPClient
    ) async throws -> [Int: [Float]] {
        try await withThrowingTaskGroup(of: (Int, [Float]?).self) { group in
            for (number, body) in bodies.enumerated() {
                group.addTask {
                    let answer = try await live.post("/api/v1/embeddings", json: body, client: client)
                    return (number, try answer.decoded(EmbeddingAnswer.self).embeddings.first)
                }
            }
            var found: [Int: [Float]] = [:]
            for try await (number, vector) in group { found[number] = vector }
            return found
        }
    }

    @Test func theModelAnswersToItsNames() async throws {
        let live = try await LiveServer { $0.aliases = ["CLIP": ServerPlace.model] }
        struct Health: Decodable {
            let model: String
        }
        let shown = try await live.get("/api/v1/health").decoded(Health.self).model
        #expect(shown == ServerPlace.modelName)
        // Not to its path: clients name no folders.
        for (name, status) in [(shown, 200), ("CLIP", 200), (ServerPlace.model, 400)] {
            let body = "{\"inputs\": [{\"text\": \"a cat\"}], \"model\": \(try jsonText(name))}"
            #expect(try await live.post("/api/v1/embeddings", json: body).status == status, "\(name)")
        }
        #expect(try await live.get("/v1/models").text.contains("\"id\":\"hf-clip\""))
    }

    /// What immich sends, byte for byte.
    @Test func recordedRequestsOfImmichAreAnswered() async throws {
        struct Prediction: Decodable {
            let clip: String
            let imageHeight: Int?
            let imageWidth: Int?
        }
        let live = try await LiveServer { $0.aliases = ["*": ServerPlace.model] }
        let picture = try RecordedRequest.picture()
        let size = try ImageDecoder().decode(picture, name: "the picture")
        let text = try embedder.embed(texts: ["eine rote Scheibe, größer als ein Fußball"])[0].values
        for name in try RecordedRequest.names() {
            let request = try RecordedRequest(name)
            let answer = try await live.send(
                HTTPMethod(rawValue: request.method), request.path,
                headers: request.headers.filter { ["accept", "content-type"].contains($0.key) }.map { ($0, $1) },
                body: request.body.isEmpty ? nil : .bytes(ByteBuffer(bytes: request.body)))
            switch name {
            case "immich-ping.http": #expect(answer.status == 200 && answer.text == "pong")
            case "immich-faces.http", "immich-ocr.http": #expect(answer.status == 422, "\(answer)")
            default:
                #expect(answer.status == 200, "\(answer)")
                let prediction = try answer.decoded(Prediction.self)
                let vector = try JSONDecoder().decode([Float].self, from: Data(prediction.clip.utf8))
                let isVisual = name == "immich-visual.http"
                expectClose(
                    vector, isVisual ? try embedding(of: picture) : text, tolerance: Self.tolerance, "\(name)")
                #expect(prediction.imageWidth == (isVisual ? size.width : nil))
                #expect(prediction.imageHeight == (isVisual ? size.height : nil))
            }
        }
    }

    @Test func roboflowsClientsGetVectorsAsTheModelGivesThem() async throws {
        struct Vectors: Decodable {
            let embeddings: [[Float]]
        }
        let live = try await LiveServer()
        let answer = try await live.post("/clip/embed_text", json: #"{"text": ["a cat", "two dogs"]}"#)
        let found = try answer.decoded(Vectors.self).embeddings
        let expected = try embedder.projections(texts: ["a cat", "two dogs"])
        #expect(found.count == 2)
        for (vector, other) in zip(found, expected) { expectClose(vector, other, tolerance: Self.tolerance) }
    }

    @Test func openAIsClientsGetVectorsInTheirEncodings() async throws {
        struct Numbers: Decodable {
            struct Entry: Decodable {
                let embedding: [Float]
            }
            let data: [Entry]
        }
        struct Texts: Decodable {
            struct Entry: Decodable {
                let embedding: String
            }
            let data: [Entry]
        }
        let live = try await LiveServer()
        let start = "{\"model\": \"\(ServerPlace.modelName)\", \"input\": [\"a cat\"], "
        let numbers = try await live.post("/v1/embeddings", json: start + "\"encoding_format\": \"float\"}")
        let texts = try await live.post("/v1/embeddings", json: start + "\"encoding_format\": \"base64\"}")
        let vector = try #require(try numbers.decoded(Numbers.self).data.first).embedding
        expectClose(vector, try embedder.embed(texts: ["a cat"])[0].values, tolerance: Self.tolerance)
        let text = try #require(try texts.decoded(Texts.self).data.first).embedding
        let bytes = try #require(Data(base64Encoded: text))
        #expect(bytes == vector.map(\.bitPattern.littleEndian).withUnsafeBytes { Data($0) })
    }
}
