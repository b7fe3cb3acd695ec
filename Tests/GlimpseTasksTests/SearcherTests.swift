import Foundation
import GlimpseLibrary
import GlimpseModels
import GlimpseTasks
import TestSupport
import Testing

/// Searches of the sample photographs with the real model.
struct SearcherTests {
    private let folder: TemporaryFolder
    private let library: MediaLibrary
    private let searcher: Searcher
    private let embedder: Embedder
    private let heads: ZeroShotHeadCache

    init() throws {
        folder = try TemporaryFolder()
        library = try MediaLibrary(folder: folder.url.appending(path: "library"))
        embedder = try Lite.embedder()
        heads = ZeroShotHeadCache(folder: folder.url.appending(path: "heads"))
        searcher = Searcher(library: library, embedder: embedder, heads: heads)
    }

    private func index() async throws {
        let indexer = try Indexer(library: library, model: embedder.model, workerCount: 2)
        let report = try await indexer.run(try FolderScan(roots: [Fixtures.samples.path(percentEncoded: false)]))
        #expect(report.embedded == 11 && report.unreadable.isEmpty)
    }

    private func best(_ terms: QueryTerm...) throws -> String? {
        try searcher.search(try Query([terms]), limit: 3).all.first
            .map { URL(filePath: $0.match.path).lastPathComponent }
    }

    @Test func wordsFindTheirPhotograph() async throws {
        try await index()
        for (query, expected) in [
            ("a cat", "chelsea.png"), ("a cup of coffee", "coffee.png"), ("a rocket", "rocket.jpg"),
            ("a motorcycle", "motorcycle_left.png"), ("a flower", "flower.jpg"), ("a temple", "china.jpg"),
            ("a palace", "china.jpg"),
        ] {
            #expect(try best(QueryTerm(.text(query))) == expected, "\(query)")
        }
    }

    @Test func aPhotographFindsItselfFirst() async throws {
        try await index()
        for sample in ["chelsea.png", "china.jpg", "moon.png"] {
            let query = try Query([[QueryTerm(.picture(Fixtures.sample(sample)))]])
            let matches = try searcher.search(query, limit: 20).all.map(\.match)
            let first = try #require(matches.first)
            #expect(first.path == Fixtures.sample(sample))
            #expect(first.score > 0.99)
            #expect(matches.count == 11)
            #expect(zip(matches, matches.dropFirst()).allSatisfy { $0.score >= $1.score })
        }
    }

    @Test func sumsMoveTowardsAndAway() async throws {
        try await index()
        let cat = QueryTerm(.picture(Fixtures.sample("chelsea.png")))
        #expect(try best(cat, QueryTerm(.text("a rocket"), weight: 0.2)) == "chelsea.png")
        #expect(try best(cat, QueryTerm(.text("a cup of coffee"), weight: 5)) == "coffee.png")
        let away = try searcher.search(
            try Query([[QueryTerm(.text("a flower")), QueryTerm(cat.content, weight: -1)]]), limit: 20
        ).all.map(\.match)
        #expect(away.first?.path == Fixtures.sample("flower.jpg"))
        #expect(away.last?.path == Fixtures.sample("chelsea.png"))
    }

    @Test func aSumIsTheNormalisedSumOfItsTerms() throws {
        let texts = try embedder.embed(texts: ["a cat", "a dog"])
        let sum = zip(texts[0].values, texts[1].values).map { 2 * $0 - 0.5 * $1 }
        let expected = Embedding(normalizing: sum, model: embedder.model.identity)
        let found = try searcher.embedding(
            of: [QueryTerm(.text("a cat"), weight: 2), QueryTerm(.text("a dog"), weight: -0.5)])
        expectClose(found.values, expected.values, tolerance: 1e-5, "2:cat - 0.5:dog")
    }

    @Test func anAlternativeAddsItsAnswers() async throws {
        try await index()
        let query = try Query([[QueryTerm(.text("a cat"))], [QueryTerm(.text("a rocket"))]])
        let names = try searcher.search(query, limit: 2).all.map { URL(filePath: $0.match.path).lastPathComponent }
        #expect(Set(names) == ["chelsea.png", "rocket.jpg"])
    }

    @Test func aPictureOnStandardInputIsLookedFor() async throws {
        try await index()
        let searcher = Searcher(
            library: library, embedder: embedder,
            standardInput: { try Data(contentsOf: URL(filePath: Fixtures.sample("moon.png"))) })
        let match = try searcher.search(try Query([[QueryTerm(.standardInput)]]), limit: 1).all.first?.match
        #expect(match?.path == Fixtures.sample("moon.png") && (match?.score ?? 0) > 0.99)
    }

    @Test func aLowestScoreCutsTheList() async throws {
        try await index()
        let all = try searcher.search(try Query([[QueryTerm(.text("a cat"))]]), limit: 20).all
        let some = try searcher.search(
            try Query([[QueryTerm(.text("a cat"))]]), limit: 20, minimumScore: all[2].match.score
        ).all
        #expect(some == Array(all.prefix(3)))
    }

    @Test(arguments: [
        ("a cat", true), ("a motorcycle", true), ("a cup of coffee", true), ("a flower", true), ("a violin", false),
        ("a birthday cake", false), ("a polar bear", false), ("a sandwich", false),
    ])
    func whatIsNotThereIsNotFound(text: String, isThere: Bool) async throws {
        try await index()
        let answers = try searcher.search(try Query([[QueryTerm(.text(text))]]), limit: 5)
        #expect(answers.isFound == isThere, "\(answers.all.map(\.presence))")
        #expect(answers.all.count == 5 && answers.likely.isEmpty == !isThere)
        #expect(answers.all.allSatisfy { (0...1).contains($0.presence ?? -1) })
    }

    @Test func picturesAndSumsAlwaysHaveANearest() async throws {
        try await index()
        let sum = [QueryTerm(.text("a violin")), QueryTerm(.text("a tractor"), weight: 0.5)]
        let picture = [QueryTerm(.picture(Fixtures.sample("moon.png")))]
        for terms in [sum, picture, [QueryTerm(.text("a violin"), weight: -1)]] {
            let answers = try searcher.search(try Query([terms]), limit: 3)
            #expect(answers.isFound && answers.likely.count == 3 && answers.all.allSatisfy { $0.presence == nil })
        }
    }

    @Test func termsThatCancelOutAreRefused() {
        let terms = [QueryTerm(.text("a cat")), QueryTerm(.text("a cat"), weight: -1)]
        #expect(message { try searcher.search(Query([terms]), limit: 3) }.contains("cancel each other out"))
    }

    @Test func anEmptyLibrarySaysSo() throws {
        let message = message { try searcher.search(Query([[QueryTerm(.text("a cat"))]]), limit: 3) }
        #expect(message.contains("the library has no pictures yet") && message.contains("glimpse index"))
    }

    @Test func anotherModelsLibrarySaysSo() throws {
        let other = ModelIdentity(name: "other", fingerprint: "of another", dimension: 4)
        let file = MediaFile(path: "/a.jpg", byteCount: 1, modifiedNanoseconds: 1)
        let hash = try ContentHash(ofFileAt: Fixtures.sample("moon.png"))
        let embedding = Embedding(normalizing: [1, 0, 0, 0], model: other)
        try library.record(
            [IndexedFile(file: file, outcome: .embedded(hash, embedding, ContentDescription(width: 1, height: 1)))],
            model: other)
        let message = message { try searcher.search(Query([[QueryTerm(.text("a cat"))]]), limit: 3) }
        #expect(message.contains("no pictures of the model \"lite\", only of other"))
    }
}
