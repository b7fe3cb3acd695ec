import Foundation
import GRDB
import GlimpseLibrary
import GlimpseModels
import TestSupport
import Testing

@Suite struct IndexingTests {
    let temporary: TemporaryFolder
    let library: MediaLibrary
    let model = ModelIdentity.sample()

    init() throws {
        temporary = try TemporaryFolder()
        library = try temporary.library()
    }

    @Test func plansWorkOnlyOnce() throws {
        let batch = (0..<700).map { IndexedFile.sample($0, model) }
        let files = batch.map(\.file)
        let unknown = FilePlan.needsIndexing(content: nil)
        #expect(try library.plan(files, model: model) == Array(repeating: unknown, count: 700))
        try library.record(Array(batch[..<500]), model: model)
        let second = try library.plan(files, model: model)
        #expect(second == Array(repeating: .current, count: 500) + Array(repeating: unknown, count: 200))
    }

    @Test func recordingTwiceChangesNothing() throws {
        let batch = (0..<10).map { IndexedFile.sample($0, model) }
        try library.record(batch + batch, model: model)
        let once = try library.statistics()
        try library.record(batch, model: model)
        #expect(try library.statistics() == once)
        #expect(once.fileCount == 10)
        #expect(once.contentCount == 10)
        #expect(once.contentByteCount == 70)
    }

    @Test func aCopyAndARenamedFileAreNotEmbeddedAgain() throws {
        let original = IndexedFile.sample(1, model)
        try library.record([original], model: model)
        let copy = MediaFile.sample("/elsewhere/copy.jpg", modified: 5)
        #expect(try library.plan([copy], model: model) == [.needsIndexing(content: nil)])
        let content = ContentHash.sample("content 1")
        #expect(try library.knowledge(of: content, model: model).isEmbedded)
        #expect(try !library.knowledge(of: .sample("content 2"), model: model).isEmbedded)
        try library.record([IndexedFile(file: copy, outcome: .known(content))], model: model)
        #expect(try library.plan([copy, original.file], model: model) == [.current, .current])
        #expect(try library.statistics().contentCount == 1)
        #expect(try library.search(.sample(1, model), limit: 5).map(\.paths) == [[copy.path, original.file.path]])

        #expect(try library.remove(paths: [original.file.path, "/never/there.jpg"]) == 1)
        #expect(try library.search(.sample(1, model), limit: 5).map(\.paths) == [[copy.path]])
        // The content outlives its last path, so that a file that comes back is recognised.
        #expect(try library.remove(paths: [copy.path]) == 1)
        #expect(try library.search(.sample(1, model), limit: 5).isEmpty)
        #expect(try library.knowledge(of: content, model: model).isEmbedded)
    }

    @Test func aChangedFileNamesItsNewContent() throws {
        try library.record([.sample(1, model), .sample(2, model)], model: model)
        let path = IndexedFile.path(1)
        for changed in [MediaFile.sample(path, byteCount: 8), .sample(path, modified: 1)] {
            #expect(try library.plan([changed], model: model) == [.needsIndexing(content: nil)])
        }
        let changed = MediaFile.sample(path, byteCount: 8)
        let outcome = IndexedFile.Outcome.embedded(
            .sample("new"), .sample(77, model), ContentDescription(width: 3, height: 4))
        try library.record([IndexedFile(file: changed, outcome: outcome)], model: model)
        #expect(try library.plan([changed], model: model) == [.current])
        let best = try #require(try library.search(.sample(77, model), limit: 10).first)
        #expect(
            best.path == path && best.contentHash == .sample("new") && best.description.width == 3
                && best.description.height == 4)
        #expect(try library.search(.sample(1, model), limit: 10).count == 2)
        let stored = try #require(try library.embedding(forPath: path, model: model))
        #expect(stored.cosine(to: .sample(77, model)) > 0.999999)
    }

    @Test func aFailureIsListedAndNotRetriedUntilTheFileChanges() throws {
        let file = MediaFile.sample("/pictures/broken.jpg")
        try library.record([IndexedFile(file: file, outcome: .failed(message: "truncated"))], model: model)
        #expect(try library.plan([file], model: model) == [.failedBefore(message: "truncated")])
        let retried = try library.plan([file], model: model, retryingFailures: true)
        #expect(retried == [.needsIndexing(content: nil)])
        let listed = try #require(try library.failures().first)
        #expect(listed.file == file && listed.message == "truncated")
        #expect(abs(listed.recordedAt.timeIntervalSinceNow) < 60)

        let repaired = MediaFile.sample(file.path, byteCount: 9)
        #expect(try library.plan([repaired], model: model) == [.needsIndexing(content: nil)])
        let outcome = IndexedFile.Outcome.embedded(
            .sample("repaired"), .sample(3, model), ContentDescription(width: 1, height: 1))
        try library.record([IndexedFile(file: repaired, outcome: outcome)], model: model)
        #expect(try library.failures().isEmpty)
        #expect(try library.plan([repaired], model: model) == [.current])

        // A picture that breaks later is no match any more.
        try library.record([IndexedFile(file: file, outcome: .failed(message: "overwritten"))], model: model)
        #expect(try library.search(.sample(3, model), limit: 5).isEmpty)
        #expect(try library.statistics().failureCount == 1)
    }

    @Test func anotherModelKnowsTheContentWithoutReadingTheFile() throws {
        let other = ModelIdentity.sample("large", dimension: 12)
        let first = IndexedFile.sample(1, model)
        try library.record([first], model: model)
        #expect(try library.plan([first.file], model: other) == [.needsIndexing(content: .sample("content 1"))])
        try library.record([.sample(1, other)], model: other)
        #expect(try library.plan([first.file], model: other) == [.current])
        #expect(try library.plan([first.file], model: model) == [.current])
        #expect(try library.statistics().models.map(\.model.name) == ["large", "small"])
        #expect(try library.statistics().contentCount == 1)
        #expect(try library.search(.sample(1, other), limit: 1).first?.score ?? 0 > 0.999)
    }

    @Test func knownContentThatTheLibraryLacksIsPlannedAgain() throws {
        let file = MediaFile.sample("/pictures/a.jpg")
        try library.record([IndexedFile(file: file, outcome: .known(.sample("never seen")))], model: model)
        #expect(try library.plan([file], model: model) == [.needsIndexing(content: nil)])
    }

    @Test func pathsThatOnlyLookEqualAreDifferentFiles() throws {
        let composed = MediaFile.sample("/pictures/caf\u{E9}.jpg")
        let decomposed = MediaFile.sample("/pictures/cafe\u{301}.jpg")
        let outcome = IndexedFile.Outcome.embedded(
            .sample("one"), .sample(1, model), ContentDescription(width: 1, height: 1))
        try library.record([IndexedFile(file: composed, outcome: outcome)], model: model)
        #expect(
            try library.plan([decomposed, composed], model: model) == [.needsIndexing(content: nil), .current])
        try library.record([IndexedFile(file: decomposed, outcome: .known(.sample("one")))], model: model)
        #expect(try library.search(.sample(1, model), limit: 1).first?.paths.count == 2)
    }

    @Test func aBatchWithAVectorThatDoesNotFitIsNotRecorded() throws {
        let other = ModelIdentity.sample("large", dimension: 12)
        let notFinite = Embedding(normalizing: [.nan] + Array(repeating: 1, count: 7), model: model)
        let bad: [IndexedFile.Outcome] = [
            .embedded(.sample("a"), .sample(1, other), ContentDescription(width: 1, height: 1)),
            .embedded(.sample("a"), notFinite, ContentDescription(width: 1, height: 1)),
        ]
        for outcome in bad {
            let batch = [IndexedFile.sample(1, model), IndexedFile(file: .sample("/bad.jpg"), outcome: outcome)]
            let error = #expect(throws: LibraryError.self) { try library.record(batch, model: model) }
            #expect(error?.code == .invalidVector)
            #expect(error?.location == "/bad.jpg")
        }
        #expect(try library.statistics().fileCount == 0)
    }

    @Test func aFingerprintStandsForOneDimension() throws {
        try library.record([.sample(1, model)], model: model)
        let longer = ModelIdentity(name: "small", fingerprint: model.fingerprint, dimension: 9)
        let recording = #expect(throws: LibraryError.self) { try library.record([.sample(1, longer)], model: longer) }
        let searching = #expect(throws: LibraryError.self) { try library.search(.sample(1, longer), limit: 1) }
        #expect(recording?.code == .invalidVector)
        #expect(searching?.code == .invalidVector)
    }

    @Test func aFullDiskKeepsWhatWasRecorded() throws {
        try library.record([.sample(0, model)], model: model)
        try library.pool.writeWithoutTransaction { db in
            let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
            try db.execute(sql: "PRAGMA max_page_count = \(pages + 2)")
        }
        let batch = (1..<2000).map { IndexedFile.sample($0, model) }
        let error = #expect(throws: LibraryError.self) { try library.record(batch, model: model) }
        #expect(error?.code == .diskFull)
        #expect(error?.description.contains("Free space and run again; what was indexed is kept.") == true)
        #expect(try library.statistics().fileCount == 1)
        try library.pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA max_page_count = 1000000") }
        try library.record(batch, model: model)
        #expect(try library.statistics().fileCount == 2000)
    }
}
