import Foundation
import GlimpseFormats
import GlimpseModels
import GlimpseTensor
import TestSupport
import Testing

/// A tokenizer without start and end tokens makes nothing of an empty text; a tower makes a vector of it all the same.
struct EmptyTextTests {
    private let compute = Compute(threads: 1)

    @Test(arguments: FamilyParityTests.families) func everyFamilyHasAVectorForAnEmptyText(family: String) throws {
        let tower = try #require(try Reference(family).checkpoint.load(.text, on: compute).text)
        let alone = tower([[]], on: compute)
        let together = tower([[5, 6], [], [7]], on: compute)
        #expect(alone.shape[0] == 1 && together.shape[0] == 3)
        let areFinite = (alone.scalars + together.scalars).allSatisfy(\.isFinite)
        #expect(areFinite)
        expectClose(together.row(1), alone.row(0), tolerance: 2e-4, family)
    }

    @Test func anEmptyTextIsATokenOfPadding() throws {
        let reference = try Reference("openclip-xlmr")
        let tower = try #require(try reference.checkpoint.load(.text, on: compute).text)
        #expect(tower([[], [5, 6]], on: compute).scalars == tower([[1], [5, 6]], on: compute).scalars)

        let configuration = try JSONDecoder().decode(
            BertConfiguration.self, from: Data(contentsOf: Fixtures.url("models/tiny-bert/config.json")))
        let reader = WeightReader(try SafetensorsFile(path: Fixtures.path("models/tiny-bert/model.safetensors")))
        let encoder = try BertEncoder(configuration, reader.scope(""), on: compute)
        #expect(encoder([[], [5, 6]], on: compute).scalars == encoder([[0], [5, 6]], on: compute).scalars)
    }

    @Test func theLiteModelEmbedsAnEmptyText() throws {
        let folder = try TemporaryFolder()
        try TinyModels.writeLite(to: folder)
        let model = try Model.load(folder: ModelFolder(name: "tiny", url: folder.url), towers: .text, on: compute)
        try #require(try model.tokenCount(of: "") == 0)
        let embedder = Embedder(model: model, on: compute)
        let embeddings = try embedder.embed(texts: ["", "a dog", ""])
        #expect(embeddings.allSatisfy { $0.values.allSatisfy(\.isFinite) })
        #expect(embeddings[0].cosine(to: embeddings[2]) > 0.9999 && embeddings[0] != embeddings[1])
    }
}
