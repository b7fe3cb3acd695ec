import Foundation
import GlimpseMedia
import GlimpseModels
import GlimpseTensor
import TestSupport
import Testing

/// Loading a model folder: what works, and what a person is told when it does not.
struct ModelFolderTests {
    private let folder: TemporaryFolder
    private var modelFolder: ModelFolder { ModelFolder(name: "tiny", url: folder.url) }
    private let compute = Compute(threads: 1)

    init() throws { folder = try TemporaryFolder() }

    private func failure(towers: Model.Towers = .both) throws -> String {
        let error = #expect(throws: ModelError.self) {
            try Model.load(folder: modelFolder, towers: towers, on: compute)
        }
        return error?.description ?? ""
    }

    @Test func embedsTextsAndPicturesInOneSpace() throws {
        try TinyModels.writeLite(to: folder)
        let embedder = Embedder(model: try Model.load(folder: modelFolder, on: compute), on: compute)
        let texts = try embedder.embed(texts: ["a red cat", "a dog", "a red cat"])
        let picture = Pixels(width: 40, height: 30, bytes: (0..<3600).map { UInt8($0 % 251) })
        let pictures = try embedder.embed(pictures: [picture, picture])
        #expect(texts[0].values.count == 36 && pictures[0].values.count == 36)
        #expect(texts[0] == texts[2] && pictures[0] == pictures[1])
        #expect(texts[0].cosine(to: texts[1]) < 0.999)
        #expect(texts[0].values.suffix(4).allSatisfy { $0 == 0 }, "a text says nothing of looks")
        for embedding in texts + pictures { #expect(abs(embedding.cosine(to: embedding) - 1) < 1e-5) }
    }

    @Test func oneTowerNeedsNoneOfTheOther() throws {
        try TinyModels.writeLite(to: folder) { weights in
            for name in weights.keys where name.hasPrefix("vision_model.") { weights[name] = nil }
        }
        let model = try Model.load(folder: modelFolder, towers: .text, on: compute)
        #expect(try Embedder(model: model, on: compute).embed(texts: ["a cat"]).count == 1)
        #expect(throws: ModelError.self) { try model.preprocessor() }
    }

    @Test func theFingerprintFollowsTheWeights() throws {
        try TinyModels.writeLite(to: folder)
        let first = try Model.load(folder: modelFolder, on: compute).identity.fingerprint
        #expect(try Model.load(folder: modelFolder, towers: .text, on: compute).identity.fingerprint == first)
        try TinyModels.writeLite(to: folder) { weights in
            weights["concepts.center"] = Tensor(shape: [32], scalars: Array(repeating: 0.5, count: 32))
        }
        #expect(try Model.load(folder: modelFolder, on: compute).identity.fingerprint != first)
    }

    @Test func everyWrongTensorIsNamedAtOnce() throws {
        try TinyModels.writeLite(to: folder) { weights in
            weights["vision_model.head.bias"] = nil
            weights["concepts.center"] = Tensor(shape: [31], scalars: Array(repeating: 0, count: 31))
            weights["text_model.extra"] = Tensor(shape: [1], scalars: [0])
        }
        let message = try failure()
        #expect(message.contains("model.safetensors: "))
        #expect(message.contains("vision_model.head.bias is missing, the configuration expects [320]"))
        #expect(message.contains("concepts.center is [31], the configuration expects [32]"))
        #expect(message.contains("text_model.extra is not part of this model"))
    }

    @Test func tokensBeyondTheVocabularyAreRefused() throws {
        try TinyModels.writeLite(to: folder)
        let url = folder.url.appending(path: "tokenizer.json")
        let text = try String(contentsOf: url, encoding: .utf8)
        let changed = text.replacing(#""dog":18"#, with: #""dog":60"#)
        try #require(changed != text)
        try changed.write(to: url, atomically: true, encoding: .utf8)
        #expect(try failure().contains("the ids of tokens go from 0 to 60, the model knows 0 to 59"))
    }

    @Test func aHugeSizeInTheConfigurationAsksForNoMemory() throws {
        try TinyModels.writeLite(to: folder)
        let url = folder.url.appending(path: "config.json")
        let text = try String(contentsOf: url, encoding: .utf8)
        let changed = text.replacing(/"hidden_size": *32/, with: "\"hidden_size\": 9999996")
        try #require(changed != text)
        try changed.write(to: url, atomically: true, encoding: .utf8)
        #expect(try failure().contains("the configuration expects [10, 9999996]"))
    }

    @Test func aMissingFileIsNamed() throws {
        #expect(try failure().contains("config.json cannot be read"))
        try TinyModels.writeLite(to: folder)
        try FileManager.default.removeItem(atPath: folder.path("preprocessor_config.json"))
        #expect(try failure().contains("preprocessor_config.json cannot be read"))
    }

    @Test(arguments: [
        ("\"glimpse-lite\"", "\"llama\"", "model_type \"llama\""),
        ("\"num_labels\": 10", "\"num_labels\": 0", "a size is not between 1 and 100,000"),
        ("\"context_length\": 64", "\"context_length\": 65", "context_length 65, expected 2 to 64"),
        (
            "\"max_position_embeddings\": 64", "\"max_position_embeddings\": 1",
            "context_length 64, expected 2 to 1"
        ),
        ("\"input_channels\": 16", "\"input_channels\": 17", "stage 1 takes 17 channels, the one before gives 16"),
        ("\"concepts\"", "\"concept\"", "\"concepts\" is missing"),
        ("\"top_classes\": 3", "\"top_classes\": \"three\"", "\"concepts.top_classes\" is not of the expected type"),
        ("\"top_classes\": 3", "\"top_classes\": 11", "11 top classes of 10"),
        ("\"logit_scale\": 20", "\"logit_scale\": -1", "logit_scale -1.0, expected a positive number"),
    ])
    func aContradictionInTheConfigurationIsExplained(old: String, new: String, expected: String) throws {
        try TinyModels.writeLite(to: folder)
        let url = folder.url.appending(path: "config.json")
        let text = try String(contentsOf: url, encoding: .utf8)
        #expect(text.contains(old))
        try text.replacing(old, with: new).write(to: url, atomically: true, encoding: .utf8)
        let message = try failure()
        #expect(message.contains("config.json: ") && message.contains(expected), "\(message)")
    }

    @Test func verificationNoticesADamagedFile() throws {
        try TinyModels.writeLite(to: folder)
        #expect(ModelVerification(modelFolder, reference: nil, on: Compute(threads: 2)).passed)
        try Data("{".utf8).write(to: folder.url.appending(path: "config.json"))
        let verification = ModelVerification(modelFolder, reference: nil, on: Compute(threads: 2))
        #expect(
            verification.checks.contains { $0.name == "loading" && !$0.passed && $0.detail.contains("config.json") })
    }
}
