import GlimpseModels
import GlimpseTasks
import TestSupport
import Testing

/// Labels to vectors.
struct ZeroShotHeadTests {
    private let embedder: Embedder

    init() throws { embedder = try TinyModel().embedder() }

    /// The definition, a sentence at a time.
    private func ensemble(_ sentences: [String]) throws -> [Float] {
        let vectors = try sentences.map { try embedder.embed(texts: [$0])[0].values }
        let sum = vectors.dropFirst().reduce(vectors[0]) { zip($0, $1).map { $0 + $1 } }
        let length = sum.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return sum.map { $0 / length }
    }

    @Test func aLabelIsTheMeanOfItsSentences() throws {
        // More sentences than are embedded at a time, of different lengths.
        let things = ["dog", "cat", "bird", "fish", "horse", "beach", "car", "house", "tree", "snow"]
        let looks = ["red", "green", "blue", "black and white", "small", "big", "big red", "three small", "two"]
        let labels = try LabelSet(looks.flatMap { look in things.map { "\(look) \($0)" } })
        let templates = try PromptTemplates([
            "a photo of a {}", "{}", "{} on the beach with a big blue house", "the {}",
        ])
        let head = try ZeroShotHead(labels, templates: templates, embedder: embedder)
        #expect(head.labels == labels.labels && head.model == embedder.model.identity)
        let dimension = head.model.dimension
        for (index, label) in labels.labels.enumerated() {
            let row = Array(head.rows[index * dimension..<(index + 1) * dimension])
            expectClose(row, try ensemble(templates.sentences(for: label)), tolerance: 1e-5, label)
        }
    }

    @Test func aSentenceThatIsSharedIsEmbeddedOnceAndCountsForBoth() throws {
        let templates = try PromptTemplates(["photo {}", "{}"])
        var totals: Set<Int> = []
        let head = try ZeroShotHead(LabelSet(["cat", "photo cat"]), templates: templates, embedder: embedder) {
            totals.insert($1)
        }
        #expect(totals == [3])
        let expected = try ensemble(["photo cat", "cat"]) + ensemble(["photo photo cat", "photo cat"])
        expectClose(head.rows, expected, tolerance: 1e-5)
    }

    @Test func progressGrowsToTheEnd() throws {
        var steps: [Int] = []
        _ = try ZeroShotHead(LabelSet((0..<600).map { "dog \($0)" }), embedder: embedder) { completed, total in
            #expect(total == 600)
            steps.append(completed)
        }
        #expect(steps.count > 2 && steps.first == 0 && steps.last == 600)
        #expect(zip(steps, steps.dropFirst()).allSatisfy { $0 < $1 })
    }

    @Test func cosinesAreThoseOfTheRows() throws {
        let labels = ["cat", "a big red dog", "snow on a tree"]
        let head = try ZeroShotHead(LabelSet(labels), templates: PromptTemplates(["{}"]), embedder: embedder)
        let picture = try embedder.embed(pictures: [TestPictures.waves(3)])[0]
        let expected = try embedder.embed(texts: labels).map(picture.cosine(to:))
        expectClose(head.cosines(picture), expected, tolerance: 1e-5)
    }

    @Test func aModelWithoutItsTextTowerMakesNone() throws {
        let pictures = try TinyModel().embedder(.image)
        let error = #expect(throws: ModelError.self) { try ZeroShotHead(LabelSet(["cat"]), embedder: pictures) }
        #expect(error?.code == .missingTower)
    }

    @Test func aCancelledTaskStops() async throws {
        let embedder = embedder
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            _ = try ZeroShotHead(LabelSet(["cat"]), embedder: embedder)
        }
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
