import AsyncHTTPClient
import Foundation
import GRDB
import GlimpseMedia
import GlimpseServer
import NIOCore
import NIOHTTP1
import TestSupport
import Testing

/// How servers end, and what they have done by then.
@Suite(.timeLimit(.minutes(5)))
struct EndTests {
    /// Neither connections that are kept open nor listeners keep a server from ending.
    @Test func aServerThatIsCancelledEnds() async throws {
        let live = try await LiveServer()
        #expect(try await live.get("/api/v1/health").status == 200)
        let request = HTTPClientRequest(url: live.address("/api/v1/library/events"))
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(200))
        var iterator = response.body.makeAsyncIterator()
        #expect(try await iterator.next() != nil)
        #expect(!live.hasEnded)
        live.cancel()
        #expect(try await eventually { live.hasEnded })
    }

    /// A process that is told to end answers what it has begun.
    @Test func aRequestInFlightIsAnswered() async throws {
        let command = try await ServedCommand(at: try ServerPlace())
        let beginning = #"{"inputs": [{"text": "a boat"}, "#
        let rest = #"{"text": "a horse"}]}"#
        let (address, metrics) = (command.address("/api/v1/embeddings"), command.address("/metrics"))
        let (parts, body) = AsyncStream.makeStream(of: ByteBuffer.self)
        defer { body.finish() }
        body.yield(ByteBuffer(string: beginning))
        async let answered = Answer(
            of: .POST, address, headers: [("Content-Type", "application/json")],
            body: .stream(parts, length: .known(Int64((beginning + rest).utf8.count))))
        let hasBegun = try await eventually {
            try await Answer(of: .GET, metrics).text.contains("\nglimpse_upload_bytes \(beginning.utf8.count)\n")
        }
        #expect(hasBegun)
        command.terminate()
        #expect(try await eventually { await !command.isListening() })
        body.yield(ByteBuffer(string: rest))
        body.finish()
        let answer = try await answered
        #expect(answer.status == 200, "\(answer)")
        #expect(try answer.decoded(EmbeddingAnswer.self).embeddings.count == 2)
        #expect(await command.status() == 0)
    }

    #if os(Linux)
        private struct Outcomes: Decodable {
            struct Outcome: Decodable {
                let path: String
                let obstacle: String?
            }

            let canUndo: Bool
            let outcomes: [Outcome]
            let problem: String?
        }

        /// In a process of its own, since its trash is found by its environment.
        @Test func whatIsPutIntoTheTrashComesBack() async throws {
            let place = try ServerPlace()
            let picture = try TestPictures.scene(1).encodedJPEG(quality: 90)
            for name in ["a.jpg", "b.jpg"] { try place.folder.write(picture, to: "pictures/\(name)") }
            try await place.index()
            let command = try await ServedCommand(at: place)
            let listed = try await Answer(of: .GET, command.address("/api/v1/duplicates"))
            let files = try #require(try listed.decoded(DuplicateAnswer.self).groups.first).files
            let kept = try #require(files.first { $0.isKept })
            let surplus = try #require(files.first { !$0.isKept })

            let body = "{\"groups\": [{\"keep\": \"\(kept.id)\", \"remove\": [\"\(surplus.id)\"]}]}"
            let trashed = try await Answer(
                of: .POST, command.address("/api/v1/duplicates/trash"), headers: [("Content-Type", "application/json")],
                body: .bytes(ByteBuffer(string: body))
            ).decoded(Outcomes.self)
            #expect(trashed.outcomes.map(\.path) == [surplus.path] && trashed.outcomes[0].obstacle == nil)
            #expect(trashed.canUndo && trashed.problem == nil)
            #expect(FileManager.default.fileExists(atPath: kept.path))
            #expect(!FileManager.default.fileExists(atPath: surplus.path))
            let trash = place.folder.url.appending(path: "data/Trash/files").path(percentEncoded: false)
            #expect(try FileManager.default.contentsOfDirectory(atPath: trash).count == 1)
            let left = try await Answer(of: .GET, command.address("/api/v1/duplicates"))
            #expect(try left.decoded(DuplicateAnswer.self).groups.isEmpty)

            let undo = command.address("/api/v1/duplicates/undo")
            let undone = try await Answer(of: .POST, undo).decoded(Outcomes.self)
            #expect(undone.outcomes.map(\.path) == [surplus.path] && undone.outcomes[0].obstacle == nil)
            #expect(!undone.canUndo)
            #expect(try Data(contentsOf: URL(filePath: surplus.path)) == picture)
            #expect(try await Answer(of: .POST, undo).decoded(Outcomes.self).outcomes.isEmpty)
            let back = try await Answer(of: .GET, command.address("/api/v1/duplicates"))
            #expect(try back.decoded(DuplicateAnswer.self).groupCount == 1)
            command.terminate()
            #expect(await command.status() == 0)
        }

        /// Files that were moved are told of even when the library cannot be written any more.
        @Test func whatWentIntoTheTrashIsToldWhateverFollows() async throws {
            let place = try ServerPlace()
            let picture = try TestPictures.scene(1).encodedJPEG(quality: 90)
            for name in ["a.jpg", "b.jpg", "c.jpg"] { try place.folder.write(picture, to: "pictures/\(name)") }
            try await place.index()
            let command = try await ServedCommand(at: place)
            let listed = try await Answer(of: .GET, command.address("/api/v1/duplicates"))
            let files = try #require(try listed.decoded(DuplicateAnswer.self).groups.first).files
            let kept = try #require(files.first { $0.isKept })
            let surplus = files.filter { !$0.isKept }
            try #require(surplus.count == 2)
            let refusal = "CREATE TRIGGER refusal BEFORE DELETE ON file BEGIN SELECT RAISE(ABORT, 'refused'); END"
            try await DatabaseQueue(path: place.folder.path("library/library.sqlite"))
                .write { try $0.execute(sql: refusal) }

            let removed = surplus.map { "\"\($0.id)\"" }.joined(separator: ", ")
            let answer = try await Answer(
                of: .POST, command.address("/api/v1/duplicates/trash"), headers: [("Content-Type", "application/json")],
                body: .bytes(
                    ByteBuffer(string: "{\"groups\": [{\"keep\": \"\(kept.id)\", \"remove\": [\(removed)]}]}")))
            #expect(answer.status == 200, "\(answer)")
            let trashed = try answer.decoded(Outcomes.self)
            #expect(trashed.outcomes.map(\.path) == surplus.map(\.path))
            #expect(trashed.outcomes.map { $0.obstacle == nil } == [true, false])
            #expect(trashed.canUndo && trashed.problem != nil)
            #expect(surplus.map { FileManager.default.fileExists(atPath: $0.path) } == [false, true])

            let undone = try await Answer(of: .POST, command.address("/api/v1/duplicates/undo"))
                .decoded(Outcomes.self)
            #expect(undone.outcomes.map(\.path) == [surplus[0].path] && undone.outcomes[0].obstacle == nil)
            #expect(undone.problem == nil && FileManager.default.fileExists(atPath: surplus[0].path))
            command.terminate()
            #expect(await command.status() == 0)
        }
    #endif
}
