import Foundation
import GRDB
import GlimpseLibrary
import GlimpseModels
import TestSupport
import Testing

/// What becomes of a library over the years: folders come and go, files vanish, models change.
@Suite struct LifecycleTests {
    let temporary: TemporaryFolder
    let library: MediaLibrary
    let model = ModelIdentity.sample()

    init() throws {
        temporary = try TemporaryFolder()
        library = try temporary.library()
    }

    private func add(_ name: String, content: Int) throws -> String {
        let path = try temporary.write(name)
        try library.record(
            [
                IndexedFile(
                    file: .sample(path),
                    outcome: .embedded(
                        .sample("content \(content)"), .sample(content, model), ContentDescription(width: 1, height: 1))
                )
            ], model: model)
        return path
    }

    private var paths: [String] {
        get throws { try library.search(.sample(1, model), limit: 100).flatMap(\.paths).sorted() }
    }

    @Test func rootsInsideOneAnotherAreOne() throws {
        for name in ["a/b/c", "ab", "d"] {
            try FileManager.default.createDirectory(
                atPath: temporary.path(name), withIntermediateDirectories: true)
        }
        try library.remember(roots: [temporary.path("a/b"), temporary.path("d")])
        #expect(try library.roots() == [temporary.path("a/b"), temporary.path("d")])
        try library.remember(roots: [temporary.path("a/b/c")])
        #expect(try library.roots() == [temporary.path("a/b"), temporary.path("d")])
        try library.remember(roots: [temporary.path("ab"), temporary.path("a")])
        #expect(try library.roots() == [temporary.path("a"), temporary.path("ab"), temporary.path("d")])
        try library.remember(roots: [temporary.path])
        #expect(try library.roots() == [temporary.path])
    }

    @Test func filesThatAreGoneAreForgottenAndTheirVectorsKept() throws {
        let kept = try add("a/1.jpg", content: 1)
        let gone = try add("a/2.jpg", content: 2)
        let elsewhere = try add("b/3.jpg", content: 3)
        for path in [gone, elsewhere] { try FileManager.default.removeItem(atPath: path) }

        #expect(try library.removeMissingFiles(under: [temporary.path("a")], dryRun: true).gone == 1)
        #expect(try paths == [kept, gone, elsewhere])
        #expect(try library.removeMissingFiles(under: [temporary.path("a")]).gone == 1)
        #expect(try paths == [kept, elsewhere])
        #expect(try library.removeMissingFiles().gone == 1)
        #expect(try paths == [kept])
        #expect(try library.knowledge(of: .sample("content 2"), model: model).isEmbedded)

        #expect(try library.removeUnusedContents(dryRun: true) == 2)
        #expect(try library.removeUnusedContents() == 2)
        try library.compact()
        #expect(try !library.knowledge(of: .sample("content 2"), model: model).isEmbedded)
        #expect(try paths == [kept])
        #expect(try library.check().problems.isEmpty)
    }

    @Test func aFolderThatCannotBeLookedIntoLosesNothing() throws {
        // Nothing is forbidden to root.
        guard geteuid() != 0 else { return }
        let path = try add("private/1.jpg", content: 1)
        chmod(temporary.path("private"), 0)
        defer { chmod(temporary.path("private"), 0o700) }
        #expect(try library.removeMissingFiles().gone == 0)
        #expect(try paths == [path])
    }

    @Test func filesOnAnUnpluggedDiskAreAway() throws {
        let path = try add("stick/1.jpg", content: 1)
        let other = try add("2.jpg", content: 2)
        try library.remember(roots: [], mountPoints: [temporary.path("stick")])
        // What is left of a mount point is an empty folder on the disk around it.
        for path in [path, other] { try FileManager.default.removeItem(atPath: path) }
        let missing = try library.removeMissingFiles()
        #expect(missing.away == 1 && missing.gone == 1)
        #expect(missing.awayVolumes == [temporary.path("stick")])
        #expect(try paths == [path])
        try FileManager.default.removeItem(atPath: temporary.path("stick"))
        #expect(try library.removeMissingFiles().away == 1)
        #expect(try paths == [path])
    }

    @Test func whatIsForgottenIsForgottenWithItsVectors() throws {
        let kept = try add("a/1.jpg", content: 1)
        _ = try add("b/2.jpg", content: 2)
        _ = try add("b/copy.jpg", content: 1)
        try library.remember(roots: [temporary.path("a"), temporary.path("b")])
        #expect(try library.forget(paths: [temporary.path("b")]) == 2)
        #expect(try paths == [kept])
        #expect(try library.roots() == [temporary.path("a")])
        #expect(try !library.knowledge(of: .sample("content 2"), model: model).isEmbedded)
        #expect(FileManager.default.fileExists(atPath: temporary.path("b/2.jpg")))
    }

    @Test func aModelIsForgottenByItself() throws {
        _ = try add("1.jpg", content: 1)
        let other = ModelIdentity.sample("other", dimension: 4)
        try library.record(
            [
                IndexedFile(
                    file: .sample(temporary.path("1.jpg")),
                    outcome: .embedded(
                        .sample("content 1"), .sample(1, other), ContentDescription(width: 1, height: 1)))
            ], model: other)
        _ = try library.search(.sample(1, other), limit: 1)
        #expect(FileManager.default.fileExists(atPath: temporary.vectorFile(of: other).path))
        #expect(try library.forget(model: other) == 1)
        #expect(!FileManager.default.fileExists(atPath: temporary.vectorFile(of: other).path))
        #expect(try library.statistics().models.map(\.model) == [model])
        #expect(try library.search(.sample(1, other), limit: 1).isEmpty)
        #expect(try paths.count == 1)
    }

    @Test func aLibraryMovesAsLines() throws {
        _ = try add("1.jpg", content: 1)
        _ = try add("copy.jpg", content: 1)
        let place = GeographicPoint(latitude: 48.858, longitude: 2.294)
        let described = ContentDescription(
            mediaType: .video, format: "mp4", width: 4, height: 3, capturedAt: 12, camera: "Ein \"Gerät\"",
            place: place,
            signature: Data([1, 2, 3]))
        try library.record(
            [IndexedFile(file: .sample("/2.mp4"), outcome: .embedded(.sample("two"), .sample(2, model), described))],
            model: model)
        var lines: [Data] = []
        try library.exportRecords { lines.append(try JSONEncoder().encode($0)) }
        #expect(lines.count == 2)

        let other = try TemporaryFolder()
        let copy = try other.library()
        let records = try lines.map { try JSONDecoder().decode(LibraryRecord.self, from: $0) }
        #expect(try copy.importRecords(records) == 2)
        #expect(try copy.importRecords(records) == 0)
        let query = Embedding.sample(5, model)
        #expect(try copy.search(query, limit: 9) == library.search(query, limit: 9))
        var again: [LibraryRecord] = []
        try copy.exportRecords { again.append($0) }
        #expect(again == records)
    }

    @Test func aCheckFindsDamagedVectors() throws {
        _ = try add("1.jpg", content: 1)
        _ = try add("2.jpg", content: 2)
        #expect(try library.check().problems.isEmpty)
        try library.pool.write { try $0.execute(sql: "UPDATE embedding SET vector = x'00' WHERE contentId = 2") }
        #expect(try library.check().isDamaged)
        let repaired = try library.check(isRepairing: true)
        #expect(!repaired.isDamaged && repaired.problems.count == 1)
        #expect(try library.check().problems.isEmpty)
        #expect(try !library.knowledge(of: .sample("content 2"), model: model).isEmbedded)
    }
}
