import Foundation
import GlimpseFormats
import TestSupport
import Testing

/// `embed`: lines in, vectors out, with the real model.
@Suite(.timeLimit(.minutes(5)))
struct EmbedCommandTests {
    private struct Record: Decodable {
        let input: String
        let model: String?
        let embedding: [Float]?
        let error: String?

        static func lines(_ outcome: Outcome) throws -> [Record] {
            try outcome.lines.map { try JSONDecoder().decode(Record.self, from: Data($0.utf8)) }
        }
    }

    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func argumentsBecomeVectorsOfLengthOne() async throws {
        let outcome = try await Command.run("embed", "a cat", Fixtures.sample("chelsea.png"), "Käse \"1\" / 猫")
        #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome)")
        let records = try Record.lines(outcome)
        #expect(records.map(\.input) == ["a cat", Fixtures.sample("chelsea.png"), "Käse \"1\" / 猫"])
        for record in records {
            let vector = try #require(record.embedding)
            #expect(record.model == "lite" && record.error == nil && vector.count == 512)
            #expect(abs(vector.reduce(0) { $0 + $1 * $1 } - 1) < 1e-4)
        }
        #expect(cosine(try #require(records[0].embedding), try #require(records[1].embedding)) > 0.4)
    }

    @Test func linesOfStandardInputKeepTheirOrder() async throws {
        // More than a batch, with a picture in the middle, an empty line and a last line without its break.
        var lines = (0..<150).map { "number \($0)" }
        lines[70] = Fixtures.sample("rocket.jpg")
        lines[71] = ""
        let outcome = try await Command.run("embed", input: lines.joined(separator: "\n"))
        #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome)")
        let records = try Record.lines(outcome)
        #expect(records.map(\.input) == lines)
        let alone = try Record.lines(try await Command.run("embed", "--text", "number 149"))
        expectClose(
            try #require(records.last?.embedding), try #require(alone.first?.embedding), tolerance: 1e-4, "number 149")
    }

    @Test func aLineIsAnsweredBeforeTheNextIsAsked() async throws {
        let conversation = try Conversation("embed")
        for line in ["a cat", Fixtures.sample("moon.png"), "a dog"] {
            try conversation.say(line)
            #expect(try conversation.answer().contains("\"input\":\"\(line)\""))
        }
        try conversation.stopTalking()
        let outcome = try await conversation.command.outcome()
        #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome)")
    }

    @Test func aReaderThatHasSeenEnoughEndsItQuietly() async throws {
        let conversation = try Conversation("embed", "--text")
        try conversation.say("a cat")
        _ = try conversation.answer()
        try conversation.stopListening()
        try conversation.say("a dog")
        let outcome = try await conversation.command.outcome()
        #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome)")
    }

    @Test func aNumpyFileHasARowForEachInput() async throws {
        let missing = folder.path("none.jpg")
        let array = folder.path("vectors.npy")
        let outcome = try await Command.run(
            "embed", "--output", array, input: "a cat\n\(missing)\n\(Fixtures.sample("coffee.png"))\r\n")
        expectFailure(outcome, status: 2, says: "1 file could not be read", missing)
        #expect(outcome.output.isEmpty)
        let stored = try NumpyFile(path: array).array
        #expect(stored.shape == [3, 512] && stored.elementType == .f32)
        let values = try stored.floats()
        #expect(values[512..<1024].allSatisfy { $0.isNaN })
        let records = try Record.lines(try await Command.run("embed", "a cat", Fixtures.sample("coffee.png")))
        expectClose(Array(values[..<512]), try #require(records[0].embedding), tolerance: 1e-4, "row 0")
        expectClose(Array(values[1024...]), try #require(records[1].embedding), tolerance: 1e-4, "row 2")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("")) == ["vectors.npy"])
    }

    @Test func nothingInIsNothingOut() async throws {
        let outcome = try await Command.run("embed")
        #expect(outcome.status == 0 && outcome.output.isEmpty && outcome.errors.isEmpty, "\(outcome)")
        let array = folder.path("none.npy")
        #expect(try await Command.run("embed", "--output", array).status == 0)
        #expect(try NumpyFile(path: array).array.shape == [0, 512])
    }

    @Test func anUnreadablePictureIsAnErrorInItsPlace() async throws {
        let outcome = try await Command.run("embed", "--image", folder.path("none"), Fixtures.sample("moon.png"))
        expectFailure(outcome, status: 2, says: folder.path("none"))
        let records = try Record.lines(outcome)
        #expect(records.count == 2 && records[0].embedding == nil && records[0].error != nil)
        #expect(records[1].embedding?.count == 512 && records[1].error == nil)
    }

    @Test func aResultThatCannotBeWrittenIsAnError() async throws {
        let full = try #require(FileHandle(forWritingAtPath: "/dev/full"))
        let outcome = try await Command.run("embed", "a cat", output: full)
        expectFailure(outcome, status: 1, says: "standard output cannot be written: No space left on device")
        let array = folder.path("no/folder/vectors.npy")
        let unwritable = try await Command.run("embed", "a cat", "--output", array)
        expectFailure(unwritable, status: 1, says: array)
    }
}
