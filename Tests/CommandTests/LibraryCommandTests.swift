import Foundation
import TestSupport
import Testing

/// What `glimpse library` and `glimpse index` say and do over a library's life.
@Suite(.timeLimit(.minutes(2)))
struct LibraryCommandTests {
    private let workplace: Workplace
    private let model: String

    init() throws {
        workplace = try Workplace()
        model = try workplace.tinyModel()
    }

    private func glimpse(_ arguments: String..., input: String = "") async throws -> Outcome {
        try await Command.run(arguments + ["--library", workplace.library], input: input)
    }

    private func index(_ arguments: String...) async throws -> Outcome {
        try await Command.run(["index", "--model", model, "--library", workplace.library] + arguments)
    }

    private struct Info: Decodable {
        let files: Int
        let pictures: Int
        let gone: Int
        let roots: [String]
    }

    private func info() async throws -> Info {
        let outcome = try await glimpse("library", "info", "--format", "json")
        #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome)")
        return try JSONDecoder().decode(Info.self, from: outcome.output)
    }

    @Test func foldersAreRememberedAndWhatIsGoneIsForgotten() async throws {
        let paths = try workplace.writeCopies(5)
        #expect(try await index(workplace.pictures).status == 0)
        var info = try await info()
        #expect(info.files == 5 && info.pictures == 5 && info.roots == [workplace.pictures])

        for path in paths.prefix(2) { try FileManager.default.removeItem(atPath: path) }
        info = try await self.info()
        #expect(info.files == 5 && info.gone == 2)
        let again = try await index()
        #expect(again.status == 0 && again.errors == "2 gone, 3 unchanged.\n", "\(again)")
        #expect(try workplace.count("content") == 5)
        let dry = try await glimpse("library", "prune", "--dry-run")
        #expect(dry.errors.contains("2 pictures without a file would be forgotten"), "\(dry)")
        #expect(try workplace.count("content") == 5)
        #expect(try await glimpse("library", "prune").status == 0)
        #expect(try workplace.count("content") == 3 && workplace.count("embedding") == 3)

        #expect(try await glimpse("library", "forget", workplace.pictures).status == 0)
        #expect(try await self.info().files == 0)
        let nothing = try await index()
        expectFailure(nothing, status: 1, says: "no folder was indexed before", "glimpse index FOLDER")
    }

    @Test func aCheckFindsWhatDisagreesAndRepairsIt() async throws {
        let paths = try workplace.writeCopies(3)
        #expect(try await index(workplace.pictures).status == 0)
        let sound = try await glimpse("library", "check")
        #expect(sound.status == 0 && sound.errors.contains("in order; 3 vectors"), "\(sound)")

        let folder = URL(filePath: workplace.library + "/vectors")
        let name = try #require(
            try FileManager.default.contentsOfDirectory(atPath: folder.path).first { $0.hasSuffix(".f32") })
        var bytes = try Data(contentsOf: folder.appending(path: name))
        bytes[bytes.count - 70] ^= 0x10
        try bytes.write(to: folder.appending(path: name))
        let damaged = try await glimpse("library", "check")
        expectFailure(damaged, status: 1, says: "is not the vector in the database", "glimpse library check --repair")
        #expect(try await glimpse("library", "check", "--repair").status == 0)
        #expect(try await glimpse("library", "check").status == 0)
        let search = try await glimpse("search", paths[1], "--model", model, "--top", "1", "--format", "paths")
        #expect(search.status == 0 && search.lines.count == 1, "\(search)")
    }

    @Test func aLibraryGoesThroughAPipe() async throws {
        let paths = try workplace.writeCopies(4)
        #expect(try await index(workplace.pictures).status == 0)
        let export = try await glimpse("library", "export")
        #expect(export.status == 0 && export.lines.count == 4, "\(export)")
        let other = workplace.folder.path("other")
        let imported = try await Command.run("library", "import", "--library", other, input: export.text)
        #expect(imported.status == 0 && imported.errors == "4 pictures read, 4 new vectors.\n", "\(imported)")
        let search = try await Command.run(
            "search", paths[0], "--model", model, "--library", other, "--format", "paths")
        #expect(search.status == 0 && Set(search.lines) == Set(paths), "\(search)")

        let broken = try await Command.run(
            "library", "import", "--library", other, input: export.lines[0] + "\nnot a line\n")
        expectFailure(broken, status: 1, says: "line 2 is not what `glimpse library export` writes")
    }

    @Test func duplicatesAreMovedAndComeBack() async throws {
        let paths = try workplace.writeCopies(1)
        let copy = workplace.pictures + "/a copy.jpg"
        try FileManager.default.copyItem(atPath: paths[0], toPath: copy)
        #expect(try await index(workplace.pictures).status == 0)

        let elsewhere = try await glimpse("duplicates", "/nowhere", "--model", model)
        expectFailure(elsewhere, status: 1, says: "no pictures in /nowhere", "glimpse index FOLDER")
        let page = try await glimpse("duplicates", "--model", model, "--html", "/nowhere/page.html")
        expectFailure(page, status: 1, says: "/nowhere/page.html cannot be written")
        let listed = try await glimpse("duplicates", "--model", model, "--format", "paths")
        #expect(listed.status == 0 && listed.lines.count == 1, "\(listed)")
        let target = workplace.folder.path("moved")
        let move = ["duplicates", "--model", model, "--action", "move", "--to", target, "--library", workplace.library]
        let said = try await Command.run(move)
        #expect(said.status == 0 && said.errors.contains("Nothing was done; add --yes to do it."), "\(said)")
        let existing = { Set([paths[0], copy].filter(FileManager.default.fileExists(atPath:))) }
        #expect(existing().count == 2 && !FileManager.default.fileExists(atPath: target))

        let done = try await Command.run(move + ["--yes"])
        #expect(done.status == 0 && existing().count == 1, "\(done)")
        #expect(FileManager.default.fileExists(atPath: target + listed.lines[0]))
        let undone = try await glimpse("duplicates", "undo")
        #expect(undone.status == 0 && existing().count == 2, "\(undone)")
        let nothing = try await glimpse("duplicates", "undo")
        #expect(nothing.status == 0 && nothing.errors == "There is nothing to undo.\n", "\(nothing)")
    }
}
