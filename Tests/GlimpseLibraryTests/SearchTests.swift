import Foundation
import GRDB
import GlimpseLibrary
import GlimpseModels
import TestSupport
import Testing

@Suite struct SearchTests {
    let temporary: TemporaryFolder
    let library: MediaLibrary

    init() throws {
        temporary = try TemporaryFolder()
        library = try temporary.library()
    }

    /// Dimensions that fill a cache line and that do not.
    @Test(arguments: [64, 50]) func equalsBruteForce(dimension: Int) throws {
        let model = ModelIdentity.sample("random", dimension: dimension)
        let embeddings = (0..<3000).map { Embedding.sample($0, model) }
        for start in stride(from: 0, to: 3000, by: 500) {
            try library.record((start..<start + 500).map { .sample($0, model) }, model: model)
            // A search after every batch lets the matrix grow by rows instead of being read at once.
            _ = try library.search(embeddings[0], limit: 1)
        }
        for seed in 5000..<5010 {
            let query = Embedding.sample(seed, model)
            let expected = embeddings.enumerated().map {
                (path: IndexedFile.path($0.offset), score: query.cosine(to: $0.element))
            }
            .sorted { $0.score > $1.score }.prefix(50)
            let matches = try library.search(query, limit: 50)
            #expect(matches.map(\.path) == expected.map(\.path))
            // The sums are the same up to the order of additions.
            #expect(zip(matches, expected).allSatisfy { abs($0.score - $1.score) < 1e-5 })
        }
        #expect(try library.search(embeddings[7], limit: .max).count == 3000)
    }

    @Test func equalScoresComeInTheOrderOfTheirPaths() throws {
        let model = ModelIdentity.sample()
        let paths = (0..<40).map { "/\(($0 * 7) % 40 + 10).jpg" }
        let batch = paths.map { path in
            IndexedFile(
                file: .sample(path),
                outcome: .embedded(.sample(path), .sample(1, model), ContentDescription(width: 1, height: 1)))
        }
        try library.record(batch, model: model)
        #expect(try library.search(.sample(1, model), limit: 5).map(\.path) == Array(paths.sorted()[..<5]))
    }

    @Test func contentsWithoutFilesDoNotTakePlaces() throws {
        let model = ModelIdentity.sample()
        try library.record((0..<2000).map { .sample($0, model) }, model: model)
        let query = Embedding.sample(1, model)
        let all = try library.search(query, limit: 2000).map(\.path)
        try library.remove(paths: Array(all[..<1500]))
        #expect(try library.search(query, limit: 10).map(\.path) == Array(all[1500..<1510]))
        #expect(try library.search(query, limit: 2000).map(\.path) == Array(all[1500...]))
    }

    @Test func nothingIsFoundWhereNothingIs() throws {
        let model = ModelIdentity.sample()
        #expect(try library.search(.sample(1, model), limit: 5).isEmpty)
        let failed = IndexedFile(file: .sample("/a.jpg"), outcome: .failed(message: "broken"))
        try library.record([failed], model: model)
        #expect(try library.search(.sample(1, model), limit: 5).isEmpty)
        try library.record([.sample(1, model)], model: model)
        #expect(try library.search(.sample(1, model), limit: 0).isEmpty)
        #expect(try library.search(.sample(1, model), limit: -3).isEmpty)
    }

    @Test func indexedPicturesHaveTheirVectorsAtHand() throws {
        let model = ModelIdentity.sample("wide", dimension: 512)
        try library.record([.sample(4, model)], model: model)
        let byPath = try #require(try library.embedding(forPath: IndexedFile.path(4), model: model))
        let byContent = try #require(try library.embedding(forContent: .sample("content 4"), model: model))
        #expect(byPath == byContent)
        #expect(byPath.cosine(to: .sample(4, model)) > 0.999999)
        #expect(try library.embedding(forPath: "/nowhere.jpg", model: model) == nil)
        #expect(try library.embedding(forPath: IndexedFile.path(4), model: .sample("unknown")) == nil)
    }

    @Test func aZeroQueryAndAZeroVectorAreHarmless() throws {
        let model = ModelIdentity.sample()
        let zero = Embedding(normalizing: Array(repeating: 0, count: 8), model: model)
        let outcome = IndexedFile.Outcome.embedded(.sample("zero"), zero, ContentDescription(width: 1, height: 1))
        try library.record(
            [IndexedFile(file: .sample("/zero.jpg"), outcome: outcome), .sample(1, model)], model: model)
        #expect(try library.search(zero, limit: 5).map(\.score) == [0, 0])
        let notFinite = Embedding(normalizing: Array(repeating: .nan, count: 8), model: model)
        #expect(try library.search(notFinite, limit: 1).count == 1)
    }

    @Test func vectorsThatAreDeletedOrChangedLeaveTheMatrix() throws {
        let model = ModelIdentity.sample()
        try library.record((0..<10).map { .sample($0, model) }, model: model)
        #expect(try library.search(.sample(3, model), limit: 1).first?.path == IndexedFile.path(3))
        try library.pool.write { db in
            try db.execute(
                sql: "DELETE FROM content WHERE sha256 = ?", arguments: [Data(ContentHash.sample("content 3").bytes)])
            try db.execute(
                sql: "UPDATE embedding SET vector = (SELECT vector FROM embedding WHERE id = 1) WHERE id = 2")
        }
        let matches = try library.search(.sample(0, model), limit: 10)
        #expect(matches.count == 9)
        #expect(Set(matches.prefix(2).map(\.path)) == [IndexedFile.path(0), IndexedFile.path(1)])
        #expect(matches.prefix(2).allSatisfy { $0.score > 0.999 })
    }

    @Test func aVectorOfTheWrongLengthMeansDamage() throws {
        let model = ModelIdentity.sample()
        try library.record((0..<3).map { .sample($0, model) }, model: model)
        try library.pool.write { try $0.execute(sql: "UPDATE embedding SET vector = x'00' WHERE id = 2") }
        let searching = #expect(throws: LibraryError.self) { try library.search(.sample(0, model), limit: 1) }
        let asking = #expect(throws: LibraryError.self) {
            try library.embedding(forPath: IndexedFile.path(1), model: model)
        }
        for error in [searching, asking] {
            #expect(error?.code == .corrupt)
            #expect(error?.description.contains("1 bytes where 4 · 8 are expected") == true)
        }
    }
}
