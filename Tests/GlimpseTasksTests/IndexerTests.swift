import Foundation
import GRDB
import GlimpseLibrary
import GlimpseMedia
import GlimpseModels
import GlimpseTasks
import GlimpseTensor
import Synchronization
import TestSupport
import Testing

/// Bringing a library up to date, with a model small enough for hundreds of pictures.
struct IndexerTests {
    private let folder: TemporaryFolder
    private let modelFolder: TemporaryFolder
    private let library: MediaLibrary
    private let indexer: Indexer

    init() throws {
        folder = try TemporaryFolder()
        modelFolder = try TemporaryFolder()
        try TinyModels.writeLite(to: modelFolder)
        let model = try Model.load(
            folder: ModelFolder(name: "tiny", url: modelFolder.url), towers: .image, on: Compute(threads: 1))
        library = try MediaLibrary(folder: folder.url.appending(path: "library"))
        indexer = try Indexer(library: library, model: model, workerCount: 2)
    }

    private func index(retryingFailures: Bool = false) async throws -> IndexingReport {
        try await indexer.run(try FolderScan(roots: [folder.path("pictures")]), retryingFailures: retryingFailures)
    }

    private func move(_ name: String, to newName: String) throws {
        try FileManager.default.moveItem(atPath: folder.path(name), toPath: folder.path(newName))
    }

    @Test func aSecondRunDoesNothing() async throws {
        try TestPictures.writeWaves(12, to: folder, below: "pictures")
        let first = try await index()
        #expect(first.embedded == 12 && first.completed == 12 && !first.wasCancelled)
        let second = try await index()
        #expect(second.unchanged == 12 && second.completed == 12 && second.embedded == 0 && second.linked == 0)
    }

    @Test func renamedAndCopiedFilesAreNotEmbeddedAgain() async throws {
        try TestPictures.writeWaves(6, to: folder, below: "pictures")
        _ = try await index()
        try move("pictures/0000.jpg", to: "pictures/renamed.jpg")
        try FileManager.default.copyItem(
            atPath: folder.path("pictures/0001.jpg"), toPath: folder.path("pictures/copy.jpg"))
        let report = try await index()
        #expect(report.linked == 2 && report.unchanged == 5 && report.embedded == 0)
        #expect(try library.statistics().contentCount == 6)
    }

    @Test func copiesInOneRunAreOneContent() async throws {
        let picture = try TestPictures.waves(1).encodedJPEG(quality: 90)
        for number in 0..<8 { try folder.write(picture, to: "pictures/\(number).jpg") }
        let report = try await index()
        #expect(report.embedded + report.linked == 8 && report.embedded >= 1)
        let statistics = try library.statistics()
        #expect(statistics.fileCount == 8 && statistics.contentCount == 1)
        #expect(statistics.models.map(\.embeddingCount) == [1])
    }

    @Test func aChangedFileIsEmbeddedAgain() async throws {
        try TestPictures.writeWaves(3, to: folder, below: "pictures")
        _ = try await index()
        try folder.write(try TestPictures.waves(77).encodedJPEG(quality: 80), to: "pictures/0001.jpg")
        let report = try await index()
        #expect(report.embedded == 1 && report.unchanged == 2)
        #expect(try library.statistics().contentCount == 3)
    }

    @Test func badFilesAreReportedAndTheRestIsIndexed() async throws {
        let paths = try TestPictures.writeWaves(5, to: folder, below: "pictures")
        let whole = try Data(contentsOf: URL(filePath: paths[2]))
        try folder.write(whole.prefix(whole.count / 2), to: "pictures/0002.jpg")
        try folder.write(Data("not a picture".utf8), to: "pictures/text.png")
        try folder.write(Data(), to: "pictures/zero.jpg")

        let report = try await index()
        #expect(report.embedded == 4)
        #expect(
            Set(report.unreadable.map(\.path))
                == Set(["0002.jpg", "text.png", "zero.jpg"].map { folder.path("pictures/\($0)") }))
        #expect(report.unreadable.contains { $0.message.contains("cut off") })
        #expect(report.unreadable.contains { $0.message.contains("found text") })
        #expect(report.unreadable.contains { $0.message.contains("empty") })

        // What failed is told again but not tried again, until it changes.
        let second = try await index()
        #expect(second.unchanged == 4 && Set(second.unreadable) == Set(report.unreadable))
        try folder.write(whole, to: "pictures/0002.jpg")
        let third = try await index()
        #expect(third.embedded == 1 && third.unreadable.count == 2)
        #expect(try library.statistics().failureCount == 2)
    }

    @Test func failuresAreTriedAgainWhenAsked() async throws {
        // Repaired without a change of length or date: only the person can know.
        let path = try folder.write(Data(repeating: 0, count: 1000), to: "pictures/0.jpg")
        let date = Date(timeIntervalSince1970: 1_700_000_000)
        try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: path)
        #expect(try await index().unreadable.count == 1)
        var picture = try TestPictures.waves(1, width: 16, height: 8).encodedJPEG(quality: 50)
        try #require(picture.count <= 1000)
        picture.append(Data(repeating: 0, count: 1000 - picture.count))
        try picture.write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: path)
        #expect(try await index().unreadable.count == 1)
        #expect(try await index(retryingFailures: true).embedded == 1)
    }

    @Test func anEmptyFolderIsNoError() async throws {
        try FileManager.default.createDirectory(atPath: folder.path("pictures"), withIntermediateDirectories: true)
        let report = try await index()
        #expect(report.completed == 0 && !report.wasCancelled)
    }

    @Test func cancellationKeepsWhatWasDone() async throws {
        let count = 300
        try TestPictures.writeWaves(count, to: folder, below: "pictures")
        let scan = try FolderScan(roots: [folder.path("pictures")])
        // Cancelled from the progress itself: another task might get a thread only when the workers are done.
        let slot = TaskSlot()
        let run = slot.task.withLock { task in
            let run = Task {
                try await indexer.run(scan) { progress in
                    if progress.embedded > 0 { slot.task.withLock { $0?.cancel() } }
                }
            }
            task = run
            return run
        }
        let report = try await run.value
        #expect(report.wasCancelled)
        #expect((1..<count).contains(report.embedded))
        #expect(try library.statistics().fileCount == report.embedded)

        let rest = try await index()
        #expect(rest.unchanged == report.embedded && rest.embedded == count - report.embedded && !rest.wasCancelled)
    }

    @Test func theFirstErrorIsTold() async throws {
        try TestPictures.writeWaves(1, to: folder, below: "pictures")
        _ = try await index()
        for number in 5..<9 {
            try folder.write(try TestPictures.waves(number).encodedJPEG(quality: 90), to: "pictures/\(number).jpg")
        }
        let model = try Model.load(
            folder: ModelFolder(name: "tiny", url: modelFolder.url), towers: .image, on: Compute(threads: 1))
        // One at a time: the second picture is looked up when the first one is done, and not written yet.
        let indexer = try Indexer(library: library, model: model, workerCount: 1)
        let scan = try FolderScan(roots: [folder.path("pictures")])
        let error = await #expect(throws: LibraryError.self) {
            try await indexer.run(scan) { [library] progress in
                guard progress.phase == .indexing, progress.completed == 1 else { return }
                do {
                    // What is looked up from now on does not fit, and nothing can be written.
                    try library.pool.write { try $0.execute(sql: "UPDATE model SET dimension = dimension + 1") }
                    try library.pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA query_only = 1") }
                } catch {
                    Issue.record(error)
                }
            }
        }
        #expect(error?.code == .invalidVector, "\(error?.description ?? "")")
    }

    @Test func progressOnlyGrowsAndEndsAtTheTotal() async throws {
        try TestPictures.writeWaves(60, to: folder, below: "pictures")
        try folder.write(Data("text".utf8), to: "pictures/bad.jpg")
        let seen = Mutex<[IndexingProgress]>([])
        _ = try await indexer.run(try FolderScan(roots: [folder.path("pictures")])) { progress in
            seen.withLock { $0.append(progress) }
        }
        let all = seen.withLock(\.self)
        #expect(all.allSatisfy { $0.total == 61 && $0.completed <= 61 && $0.embedded <= $0.completed })
        #expect(zip(all, all.dropFirst()).allSatisfy { $0.completed <= $1.completed && $0.embedded <= $1.embedded })
        #expect(all.last.map { $0.completed == 61 && $0.embedded == 60 } == true)
    }
}

/// A place for a task that is known to its own progress.
private final class TaskSlot: Sendable {
    let task = Mutex<Task<IndexingReport, any Error>?>(nil)
}
