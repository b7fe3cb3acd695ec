import Foundation
import GRDB
import GlimpseLibrary
import GlimpseModels
import TestSupport
import Testing

/// Large files are scanned in 8 bits first; the answers are those of an exact scan.
@Suite struct QuantizedSearchTests {
    private static let count = 34_000

    let temporary: TemporaryFolder
    let library: MediaLibrary
    let model = ModelIdentity.sample("large", dimension: 24)
    let embeddings: [Embedding]

    init() throws {
        temporary = try TemporaryFolder()
        library = try temporary.library()
        let model = model
        // Clusters, so that many vectors are about as good as the best.
        embeddings = (0..<Self.count).map { index in
            let near = Embedding.sample(index % 50, model).values
            let far = Embedding.sample(index, model).values
            return Embedding(normalizing: zip(near, far).map { $0 + 0.2 * $1 }, model: model)
        }
        let files = embeddings.enumerated().map { index, embedding in
            IndexedFile(
                file: .sample(IndexedFile.path(index)),
                outcome: .embedded(.sample("\(index)"), embedding, ContentDescription(width: 1, height: 1)))
        }
        for start in stride(from: 0, to: files.count, by: 2000) {
            try library.record(Array(files[start..<min(start + 2000, files.count)]), model: model)
        }
        try library.prepareSearch(model: model)
    }

    @Test func findsWhatAnExactScanFinds() throws {
        let bytes = try Data(contentsOf: temporary.vectorFile(of: model)).count
        // Ids, scales, rows of 64 bytes and rows of 32 floats.
        #expect(bytes > Self.count * (8 + 4 + 64 + 128))
        for seed in 100_000..<100_010 {
            let query = Embedding.sample(seed, model)
            let expected = embeddings.enumerated().map { (score: query.cosine(to: $0.element), index: $0.offset) }
                .sorted { $0.score > $1.score }.prefix(20)
            let matches = try library.search(query, limit: 20)
            #expect(matches.map(\.path) == expected.map { IndexedFile.path($0.index) })
            #expect(zip(matches, expected).allSatisfy { abs($0.score - $1.score) < 1e-5 })
        }
    }

    @Test func newerRowsAreFoundBesideTheFile() throws {
        let query = Embedding.sample(200_000, model)
        try library.record(
            [
                IndexedFile(
                    file: .sample("/new.jpg"),
                    outcome: .embedded(.sample("new"), query, ContentDescription(width: 1, height: 1)))
            ], model: model)
        #expect(try library.search(query, limit: 3).first?.path == "/new.jpg")
        var filter = SearchFilter()
        filter.excluded = ["/new.jpg"]
        // So many pass that they are scanned in 8 bits, too.
        #expect(try library.search(query, limit: 3, filter: filter).allSatisfy { $0.path != "/new.jpg" })
    }

    @Test func damagedRowsCountAsTheLowest() throws {
        let query = Embedding.sample(300_000, model)
        let sound = try library.search(query, limit: 22)
        for (match, number) in zip(sound, [Float.nan, .infinity]) {
            var values = try #require(try library.embedding(forPath: match.path, model: model)).values
            values[3] = number
            try library.pool.write { db in
                try db.execute(
                    sql: """
                        UPDATE embedding SET vector = ?
                        WHERE contentId = (SELECT contentId FROM file WHERE path = ?)
                        """,
                    arguments: [values.withUnsafeBytes { Data($0) }, match.path])
            }
        }
        // The file is written anew, with the damaged rows in it.
        let before = try Data(contentsOf: temporary.vectorFile(of: model))
        #expect(try temporary.library().search(query, limit: 20) == Array(sound.dropFirst(2)))
        #expect(try Data(contentsOf: temporary.vectorFile(of: model)) != before)
        let check = try temporary.library().check()
        #expect(check.isDamaged && check.problems.count == 1, "\(check.problems)")
        #expect(check.vectorCount == Self.count)
        #expect(try !temporary.library().check(isRepairing: true).isDamaged)
        #expect(try library.search(query, limit: 20) == Array(sound.dropFirst(2)))
    }

    @Test func aCheckFindsARoundedRowThatIsWrong() throws {
        #expect(try library.check().problems.isEmpty)
        let file = temporary.vectorFile(of: model)
        let sound = try Data(contentsOf: file)
        // Behind the ids and scales: the rounded rows; at the end: the exact ones.
        for offset in [128 + 12 * Self.count + 200, sound.count - 600] {
            var bytes = sound
            bytes[offset] ^= 0x55
            try bytes.write(to: file)
            let check = try temporary.library().check()
            #expect(check.isDamaged && check.problems.count == 1, "\(check.problems)")
            let repaired = try temporary.library().check(isRepairing: true)
            #expect(!repaired.isDamaged && repaired.problems.count == 1)
            #expect(try temporary.library().check().problems.isEmpty)
            #expect(try Data(contentsOf: file) == sound)
        }
    }
}
