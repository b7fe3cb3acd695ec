import Foundation
import GlimpseFormats
import GlimpseModels
import GlimpseTensor
import TestSupport
import Testing

/// The installed `lite` model against the originals it was made from: PyTorch with the reference packages, run once by
/// `Fixtures/generate/efficientnet_lite0.py` and `minilm.py`.
struct LiteParityTests {
    private let compute = Compute(threads: 2)
    private let weights: SafetensorsFile

    init() throws {
        let folder = StandardFolders().models.appending(path: "lite").path(percentEncoded: false)
        // `make setup` installs the model; without it these tests fail, as they should.
        weights = try SafetensorsFile(path: folder + "/model.safetensors")
    }

    @Test func logitsOfSyntheticPicturesAgree() throws {
        let golden = try SafetensorsFile(path: Fixtures.path("models/efficientnet_lite0.safetensors"))
        let reader = WeightReader(weights)
        let network = try EfficientNet(.lite0, reader.scope("vision_model."), on: compute)
        try reader.finish { $0.hasPrefix("vision_model.") }
        let pictures = Tensor(shape: [3, 224, 224, 3], scalars: (0..<3).flatMap(Self.synthetic))
        let features = network.features(pictures, on: compute)
        let logits = network.logits(features, on: compute)
        let expectedFeatures = Tensor(shape: [3, 1280], scalars: try golden.tensor("synthetic.pooled").floats())
        let expectedLogits = Tensor(shape: [3, 1000], scalars: try golden.tensor("synthetic.logits").floats())
        for row in 0..<3 {
            #expect(cosine(logits.row(row), expectedLogits.row(row)) >= 0.99999)
            #expect(cosine(features.row(row), expectedFeatures.row(row)) >= 0.99999)
            expectClose(logits.row(row), expectedLogits.row(row), tolerance: 1e-4, "logits \(row)")
        }
    }

    @Test func sentenceEmbeddingsAgree() throws {
        struct Sentence: Decodable {
            let text: String
            let ids: [Int32]
        }
        let sentences = try JSONDecoder().decode(
            [Sentence].self, from: Data(contentsOf: Fixtures.url("models/minilm-sentences.json")))
        let golden = try SafetensorsFile(path: Fixtures.path("models/minilm.safetensors")).tensor("embeddings")
        let expected = Tensor(shape: Shape(golden.shape), scalars: try golden.floats())
        let reader = WeightReader(weights)
        let configuration = try JSONDecoder().decode(
            BertConfiguration.self, from: Data(contentsOf: Fixtures.url("models/minilm-config.json")))
        let encoder = try BertEncoder(configuration, reader.scope("text_model."), on: compute)
        let found = encoder(sentences.map(\.ids), on: compute)
        for (row, sentence) in sentences.enumerated() {
            #expect(cosine(found.row(row), expected.row(row)) >= 0.99999, "\(sentence.text.prefix(60))")
        }
    }

    /// The formula of the generator: integers, so that any language repeats it exactly.
    private static func synthetic(seed: Int) -> [Float] {
        (0..<224).flatMap { y in
            (0..<224).flatMap { x in
                (0..<3).map { c in
                    let hashed = ((y * 31 + x * 17 + c * 101 + seed * 7) * 2_654_435_761) % (1 << 32)
                    return Float(Double(hashed) / Double(1 << 31) - 1)
                }
            }
        }
    }
}
