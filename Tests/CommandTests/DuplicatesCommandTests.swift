import Foundation
import GlimpseMedia
import GRDB
import TestSupport
import Testing

/// What `glimpse duplicates` says of what it does to files.
@Suite(.timeLimit(.minutes(2)))
struct DuplicatesCommandTests {
    private let workplace: Workplace
    private let model: String

    init() throws {
        workplace = try Workplace()
        model = try workplace.tinyModel()
    }

    private var countOfPictures: Int {
        get throws { try FileManager.default.contentsOfDirectory(atPath: workplace.pictures).count }
    }

    private func execute(_ sql: String) async throws {
        try await DatabaseQueue(path: workplace.library + "/library.sqlite").write { try $0.execute(sql: sql) }
    }

    @Test func whatWasDoneIsSaidWhenAnErrorEndsIt() async throws {
        let picture = try TestPictures.waves(1).encodedJPEG(quality: 90)
        for name in ["1.jpg", "2.jpg", "3.jpg"] { try workplace.folder.write(picture, to: "pictures/\(name)") }
        let options = ["--library", workplace.library]
        let indexed = try await Command.run(["index", workplace.pictures, "--model", model] + options)
        try #require(indexed.status == 0, "\(indexed)")
        try await execute("CREATE TRIGGER refusal BEFORE DELETE ON file BEGIN SELECT RAISE(ABORT, 'refused'); END")

        let action = ["--tier", "identical", "--action", "move", "--to", workplace.folder.path("moved"), "--yes"]
        let ended = try await Command.run(["duplicates", "--model", model] + action + options)
        expectFailure(ended, status: 1, says: "move: 1 file.", "undo")
        #expect(try countOfPictures == 2)

        let undone = try await Command.run(["duplicates", "undo"] + options)
        #expect(undone.status == 0 && undone.errors.contains("1 file put back"), "\(undone)")
        #expect(try countOfPictures == 3)
        let nothing = try await Command.run(["duplicates", "undo"] + options)
        #expect(nothing.status == 0 && nothing.errors.contains("nothing to undo"), "\(nothing)")
    }
}
