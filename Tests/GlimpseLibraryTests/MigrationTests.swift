import Foundation
import GRDB
import GlimpseLibrary
import GlimpseModels
import TestSupport
import Testing

/// Libraries of earlier versions are taken over with all that is in them.
@Suite struct MigrationTests {
    let temporary: TemporaryFolder

    init() throws { temporary = try TemporaryFolder() }

    private func restore(_ name: String) throws {
        let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Fixtures/library/\(name)")
        try FileManager.default.createDirectory(at: temporary.libraryFolder, withIntermediateDirectories: true)
        let database = try DatabaseQueue(
            path: temporary.libraryFolder.appending(path: "library.sqlite").path(percentEncoded: false))
        try database.inDatabase { try $0.execute(sql: String(contentsOf: url, encoding: .utf8)) }
        try database.close()
    }

    @Test func version1KeepsItsVectorsAndIsDescribedAnew() throws {
        try restore("version-1.sql")
        let library = try temporary.library()
        let statistics = try library.statistics()
        #expect(statistics.fileCount == 3 && statistics.contentCount == 2 && statistics.failureCount == 1)
        let model = try #require(statistics.models.first).model
        #expect(statistics.models.map(\.embeddingCount) == [2] && model.name == "lite")

        let cat = try #require(try library.embedding(forPath: "/pictures/chelsea.png", model: model))
        let match = try #require(try library.search(cat, limit: 1).first)
        #expect(match.path == "/pictures/chelsea.png" && match.score > 0.9999)
        #expect(match.description.width == 451 && match.description.height == 300)
        #expect(match.description.mediaType == .photo && match.description.format == nil)
        #expect(try library.check().problems.isEmpty)

        // The file has not changed, but nobody read yet what it says of itself.
        let row = try #require(
            try library.pool.read {
                try Row.fetchOne($0, sql: "SELECT byteCount, modifiedNanoseconds FROM file WHERE path LIKE '%chelsea%'")
            })
        let file = MediaFile(path: match.path, byteCount: row[0], modifiedNanoseconds: row[1])
        #expect(try library.plan([file], model: model) == [.needsIndexing(content: match.contentHash)])
        let knowledge = try library.knowledge(of: match.contentHash, model: model)
        #expect(knowledge.isEmbedded && !knowledge.isDescribed)

        let description = ContentDescription(format: "png", width: 451, height: 300, camera: "Canon EOS 80D")
        try library.record(
            [IndexedFile(file: file, outcome: .described(match.contentHash, description))], model: model)
        #expect(try library.plan([file], model: model) == [.current])
        #expect(try library.search(cat, limit: 1).first?.description == description)
    }

    @Test func aVersionIsTakenOverOnce() throws {
        try restore("version-1.sql")
        let first = try temporary.library().statistics()
        let second = try temporary.library().statistics()
        #expect(second.models == first.models && second.fileCount == first.fileCount && first.fileCount == 3)
    }
}
