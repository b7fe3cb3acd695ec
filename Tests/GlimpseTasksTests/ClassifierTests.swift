import GlimpseMedia
import GlimpseModels
import GlimpseTasks
import TestSupport
import Testing

/// Zero-shot classification with the real model.
struct ClassifierTests {
    private static let labels = ["cat", "dog", "rocket", "motorcycle", "flower", "coffee"]
    private let embedder: Embedder

    init() throws { embedder = try Lite.embedder() }

    private func embedding(_ sample: String) throws -> Embedding {
        try embedder.embed(pictures: [ImageDecoder().decode(path: Fixtures.sample(sample))])[0]
    }

    private func classifier(_ labels: [String], templates: PromptTemplates = .simple) throws -> Classifier {
        Classifier(
            head: try ZeroShotHead(LabelSet(labels), templates: templates, embedder: embedder),
            calibration: embedder.model.calibration)
    }

    @Test(arguments: [
        ("chelsea.png", "cat"), ("rocket.jpg", "rocket"), ("motorcycle_left.png", "motorcycle"),
        ("flower.jpg", "flower"), ("coffee.png", "coffee"),
    ])
    func findsWhatIsInAPhotograph(sample: String, expected: String) throws {
        let classifier = try classifier(Self.labels)
        let best = try #require(classifier.classify(try embedding(sample), top: 1).first)
        #expect(best.label == expected)
        #expect(best.probability > 0.5)
    }

    @Test(arguments: [("chelsea.png", "cat"), ("motorcycle_left.png", "motorcycle"), ("coffee.png", "coffee")])
    func manySentencesFindItToo(sample: String, expected: String) throws {
        let photo = try PromptTemplates(nameOrPath: "photo")
        let best = try #require(
            try classifier(Self.labels, templates: photo).classify(try embedding(sample), top: 1).first)
        #expect(best.label == expected)
        #expect(best.probability > 0.5)
    }

    @Test func sharesAddUpToOneAndFall() throws {
        let classifier = try classifier(Self.labels)
        let predictions = classifier.classify(try embedding("china.jpg"), top: .max)
        #expect(Set(predictions.map(\.label)) == Set(Self.labels))
        #expect(abs(predictions.map(\.probability).reduce(0, +) - 1) < 1e-5)
        #expect(zip(predictions, predictions.dropFirst()).allSatisfy { $0.probability >= $1.probability })
        #expect(zip(predictions, predictions.dropFirst()).allSatisfy { $0.cosine >= $1.cosine })
    }

    @Test func topKeepsTheBestWithTheSharesOfAll() throws {
        let classifier = try classifier(Self.labels)
        let picture = try embedding("chelsea.png")
        #expect(classifier.classify(picture, top: 2) == Array(classifier.classify(picture, top: .max).prefix(2)))
        #expect(classifier.classify(picture, top: 100).count == Self.labels.count)
    }

    @Test func oneLabelHasAllOfIt() throws {
        let only = try classifier(["dog"]).classify(try embedding("moon.png"), top: 5)
        #expect(only.map(\.label) == ["dog"] && only[0].probability == 1)
    }

    @Test func labelsThatFitAlikeStayInTheirOrder() throws {
        // The tokenizer lower-cases: to the model these are one label.
        let classifier = try classifier(["Cat", "cat", "CAT"])
        #expect(classifier.classify(try embedding("chelsea.png"), top: 3).map(\.label) == ["Cat", "cat", "CAT"])
    }
}
