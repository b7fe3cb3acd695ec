import Foundation
import GlimpseLibrary
import GlimpseModels
import GlimpseTasks
import TestSupport
import Testing

/// What is done with duplicates loses nothing and can be undone.
struct DuplicateRemoverTests {
    let folder: TemporaryFolder
    let library: MediaLibrary
    private let model = ModelIdentity(name: "small", fingerprint: "small", dimension: 4)
    let trash: URL

    init() throws {
        folder = try TemporaryFolder()
        library = try MediaLibrary(folder: folder.url.appending(path: "library"))
        trash = folder.url.appending(path: "data/Trash")
        for (name, content) in [
            ("a/1.jpg", "one"), ("b/copy of 1.jpg", "one"), ("b/1.jpg", "one"), ("2.jpg", "two"), ("c/2.jpg", "two"),
            ("3.jpg", "three"),
        ] { try add(name, content) }
    }

    func url(_ name: String) -> URL { folder.url.appending(path: "pictures/" + name) }
    func path(_ name: String) -> String { url(name).path(percentEncoded: false) }

    func add(_ name: String, _ content: String) throws {
        try FileManager.default.createDirectory(
            at: url(name).deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(content.utf8).write(to: url(name))
        let scan = try FolderScan(roots: [path(name)])
        for case .success(let file) in scan {
            let embedding = Embedding(normalizing: [Float(content.utf8.count), 1, 2, 3], model: model)
            try library.record(
                [
                    IndexedFile(
                        file: file,
                        outcome: .embedded(
                            try ContentHash(ofFileAt: file.path), embedding, ContentDescription(width: 2, height: 1)))
                ], model: model)
        }
    }

    func plan(keeping rules: [KeepRule] = []) throws -> DuplicatePlan {
        var options = DuplicateOptions()
        options.tiers = [.identical]
        let report = try DuplicateSearch(library: library, model: model).run(options: options)
        return DuplicatePlan(report.groups, keeping: rules)
    }

    private var environment: [String: String] { ["XDG_DATA_HOME": folder.path("data")] }

    var remover: DuplicateRemover { DuplicateRemover(library: library, environment: environment) }

    /// One whose journal, and whose notes in the trash, are written by a writer of the test.
    func removerWriting(by writer: FileWriter) -> DuplicateRemover {
        DuplicateRemover(library: library, environment: environment, writer: writer)
    }

    func perform(_ action: DuplicateAction, _ plan: DuplicatePlan) throws -> [DuplicateRemover.Outcome] {
        var outcomes: [DuplicateRemover.Outcome] = []
        try remover.perform(plan, action) { outcomes.append($0) }
        return outcomes
    }

    func undo() throws -> [DuplicateRemover.Outcome] {
        var outcomes: [DuplicateRemover.Outcome] = []
        try remover.undo { outcomes.append($0) }
        return outcomes
    }

    /// Everything below the pictures, with its content.
    var contents: [String: String] {
        get throws {
            var contents: [String: String] = [:]
            for name in try FileManager.default.subpathsOfDirectory(atPath: path("")) {
                guard (try? FileManager.default.contentsOfDirectory(atPath: path(name))) == nil else { continue }
                contents[name] = try String(contentsOf: url(name), encoding: .utf8)
            }
            return contents
        }
    }

    func inode(_ name: String) throws -> UInt64? {
        (try FileManager.default.attributesOfItem(atPath: path(name))[.systemFileNumber] as? NSNumber)?.uint64Value
    }

    /// The paths that the notes in the trash name.
    var notedPaths: Set<String> {
        get throws {
            let folder = trash.appending(path: "info")
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false))
            let texts = try names.map { try String(contentsOf: folder.appending(path: $0), encoding: .utf8) }
            return Set(
                texts.flatMap { $0.split(separator: "\n").filter { $0.hasPrefix("Path=") } }
                    .compactMap { $0.dropFirst(5).removingPercentEncoding })
        }
    }

    @Test func aPlanKeepsOneOfEachGroup() throws {
        let plan = try plan(keeping: KeepRule.parse("path:**/b/**"))
        #expect(plan.entries.count == 3)
        let kept = Set(plan.entries.map(\.kept.path))
        #expect(kept.contains(path("b/1.jpg")) || kept.contains(path("b/copy of 1.jpg")))
        #expect(Set(plan.entries.map(\.surplus.path)).isDisjoint(with: kept))
        #expect(plan.byteCount == 9)
    }

    @Test func movedFilesComeBack() throws {
        let before = try contents
        let target = folder.url.appending(path: "moved")
        let outcomes = try perform(.move(target), plan())
        #expect(outcomes.count == 3 && outcomes.allSatisfy { $0.obstacle == nil })
        #expect(try contents.count == 3)
        let moved = try FileManager.default.subpathsOfDirectory(atPath: target.path(percentEncoded: false))
        #expect(moved.filter { $0.hasSuffix(".jpg") }.count == 3)
        #expect(try library.statistics().fileCount == 3)

        let undone = try undo()
        #expect(undone.count == 3 && undone.allSatisfy { $0.obstacle == nil })
        #expect(try contents == before)
        #expect(try library.statistics().fileCount == 6)
        #expect(try undo().isEmpty)
    }

    @Test func trashedFilesAreTheFileManagersAndComeBack() throws {
        let before = try contents
        let surplus = try plan().entries.map(\.surplus.path)
        #expect(try perform(.trash, plan()).allSatisfy { $0.obstacle == nil })
        let files = try FileManager.default.contentsOfDirectory(atPath: trash.appending(path: "files").path)
        let notes = try FileManager.default.contentsOfDirectory(atPath: trash.appending(path: "info").path)
        #expect(files.count == 3 && Set(notes) == Set(files.map { $0 + ".trashinfo" }))
        #expect(try notedPaths == Set(surplus))

        #expect(try undo().allSatisfy { $0.obstacle == nil })
        #expect(try contents == before)
        #expect(try FileManager.default.contentsOfDirectory(atPath: trash.appending(path: "info").path).isEmpty)
    }

    @Test func linkedFilesShareTheirBytesUntilUndone() throws {
        let before = try contents
        #expect(try perform(.link, plan()).allSatisfy { $0.obstacle == nil })
        #expect(try contents == before)
        #expect(try Set(["a/1.jpg", "b/1.jpg", "b/copy of 1.jpg"].map(inode)).count == 1)
        #expect(try undo().count == 3)
        #expect(try contents == before)
        #expect(try Set(["a/1.jpg", "b/1.jpg", "b/copy of 1.jpg"].map(inode)).count == 3)
    }

    @Test func commandsAreUndoneTheLastFirst() throws {
        let before = try contents
        #expect(try perform(.move(folder.url.appending(path: "first")), plan()).count == 3)
        try add("new.jpg", "three")
        #expect(try perform(.trash, plan()).count == 1)
        #expect(try undo().count == 1)
        #expect(try contents.count == 4)
        #expect(try undo().count == 3)
        var after = try contents
        after["new.jpg"] = nil
        #expect(after == before)
    }

    @Test func aFileThatChangedIsLeftAlone() throws {
        let plan = try plan()
        let changed = try #require(plan.entries.first)
        // As long and as old as before: only its bytes tell.
        let attributes = try FileManager.default.attributesOfItem(atPath: changed.surplus.path)
        let count = try Data(contentsOf: URL(filePath: changed.surplus.path)).count
        try Data(repeating: 0x78, count: count).write(to: URL(filePath: changed.surplus.path))
        try FileManager.default.setAttributes(
            [.modificationDate: try #require(attributes[.modificationDate])], ofItemAtPath: changed.surplus.path)
        let outcomes = try perform(.move(folder.url.appending(path: "moved")), plan)
        #expect(outcomes.filter { $0.obstacle?.contains("has changed") == true }.map(\.path) == [changed.surplus.path])
        #expect(FileManager.default.fileExists(atPath: changed.surplus.path))
    }

    @Test func withoutTheKeptFileNothingIsTouched() throws {
        let plan = try plan()
        for kept in Set(plan.entries.map(\.kept.path)) { try FileManager.default.removeItem(atPath: kept) }
        let before = try contents
        let outcomes = try perform(.trash, plan)
        #expect(outcomes.count == 3 && outcomes.allSatisfy { $0.obstacle != nil })
        #expect(try contents == before)
    }

    @Test func namesOfOneFileAreNoDuplicates() throws {
        let plan = try plan()
        let entry = try #require(plan.entries.first { $0.surplus.path.hasSuffix("2.jpg") })
        try FileManager.default.removeItem(atPath: entry.surplus.path)
        try FileManager.default.linkItem(atPath: entry.kept.path, toPath: entry.surplus.path)
        let outcomes = try perform(.trash, plan)
        #expect(outcomes.filter { $0.obstacle?.contains("another name") == true }.map(\.path) == [entry.surplus.path])
        #expect(FileManager.default.fileExists(atPath: entry.surplus.path))
    }

    @Test func nothingReplacesAnotherFile() throws {
        let target = folder.url.appending(path: "moved")
        let first = try #require(try plan().entries.first).surplus.path
        let occupied = URL(filePath: target.path(percentEncoded: false) + first)
        try FileManager.default.createDirectory(
            at: occupied.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data("mine".utf8).write(to: occupied)
        let before = try contents
        #expect(try perform(.move(target), plan()).allSatisfy { $0.obstacle == nil })
        #expect(try Data(contentsOf: occupied) == Data("mine".utf8))

        // Nor does undoing.
        try Data("newer".utf8).write(to: URL(filePath: first))
        let kept = try undo().filter { $0.obstacle?.contains("another file") == true }
        #expect(kept.map(\.path) == [first])
        #expect(try Data(contentsOf: URL(filePath: first)) == Data("newer".utf8))
        try FileManager.default.removeItem(atPath: first)
        #expect(try undo().allSatisfy { $0.obstacle == nil })
        #expect(try contents == before)
    }

    @Test func aCutJournalIsReadAsFarAsItGoes() throws {
        let before = try contents
        #expect(try perform(.move(folder.url.appending(path: "moved")), plan()).count == 3)
        let journal = URL(filePath: remover.journalPath)
        var bytes = try Data(contentsOf: journal)
        bytes.append(Data("{\"run\":\"x\",\"ti".utf8))
        try bytes.write(to: journal)
        try add("new.jpg", "three")
        #expect(try perform(.trash, plan()).count == 1)
        #expect(try undo().count == 1)
        try FileManager.default.removeItem(at: url("new.jpg"))
        #expect(try undo().count == 3)
        #expect(try contents == before)
    }
}
