import Foundation
import GlimpseTensor
import TestSupport
import Testing

/// `models`, and what a person is told of a model that cannot be used.
@Suite(.timeLimit(.minutes(5)))
struct ModelsCommandTests {
    private let workplace: Workplace

    init() throws { workplace = try Workplace() }

    @Test func theListKnowsWhatIsInstalled() async throws {
        struct Entry: Decodable {
            let name: String
            let isInstalled: Bool
            let dimension: Int?
        }
        let json = try await Command.run("models", "list", "--format", "json")
        #expect(json.status == 0 && json.errors.isEmpty, "\(json)")
        let lite = try JSONDecoder().decode([Entry].self, from: json.output).first { $0.name == "lite" }
        #expect(lite?.isInstalled == true && lite?.dimension == 512)
        let table = try await Command.run("models")
        #expect(table.lines.contains { $0.hasPrefix("lite  ") && $0.hasSuffix("  installed") }, "\(table)")
        let elsewhere = try await Command.run(
            "models", "list", environment: ["XDG_DATA_HOME": workplace.folder.path("data")])
        #expect(elsewhere.status == 0 && !elsewhere.text.contains("installed"), "\(elsewhere)")
        #expect(elsewhere.text.contains("ViT-B-32") && elsewhere.text.contains("ImageNet 69.2 %"), "\(elsewhere)")
    }

    @Test func infoTellsWhatAModelIs() async throws {
        let outcome = try await Command.run("models", "info", "LITE")
        #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome)")
        for row in [/vector +512 numbers/, /picture +224 × 224 pixels/, /licence +.+/, /fingerprint +[0-9a-f]{32}/] {
            #expect(outcome.text.contains(row), "\(outcome)")
        }
        expectFailure(
            try await Command.run("models", "info", "none"), status: 1, says: "no model \"none\"", "known: lite")
    }

    @Test func anIntactModelIsVerified() async throws {
        let outcome = try await Command.run("models", "verify", "lite")
        #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome)")
        for check in ["model.safetensors", "tokenizer.json", "text tower", "image tower", "test card"] {
            #expect(outcome.lines.contains { $0.hasPrefix("ok      \(check): ") }, "\(check): \(outcome)")
        }
    }

    @Test func aModelIsHeldAgainstAReferenceOfOnesOwn() async throws {
        let model = Fixtures.path("families/hf-clip")
        let own = Fixtures.path("references/hf-clip.json")
        let held = try await Command.run("models", "verify", model, "--reference", own)
        #expect(held.status == 0 && held.text.contains("against transformers 5.23.0"), "\(held)")
        let other = Fixtures.path("references/openclip-clipa.json")
        expectFailure(
            try await Command.run("models", "verify", model, "--reference", other), status: 1, says: "did not pass")
        expectFailure(
            try await Command.run("models", "verify", model, "--reference", model + "/config.json"), status: 1,
            says: "these are no reference vectors: \"madeWith\" is missing")
    }

    @Test func aDamagedModelIsNotVerified() async throws {
        let model = try workplace.tinyModel()
        let digest = String(repeating: "0", count: 64)
        try Data("{\"files\": {\"tokenizer.json\": {\"bytes\": 12, \"sha256\": \"\(digest)\"}}}".utf8)
            .write(to: URL(filePath: model + "/manifest.json"))
        let outcome = try await Command.run("models", "verify", model)
        expectFailure(outcome, status: 1, says: "did not pass")
        #expect(
            outcome.lines.contains { $0.hasPrefix("FAILED  tokenizer.json: ") && $0.contains("expected 12 bytes with") }
        )
    }

    @Test func aRepositoryOfTheHubIsUsedFromItsCache() async throws {
        let commit = String(repeating: "a", count: 40)
        let repository = "home/hub/models--tiny--clip"
        try workplace.folder.write(Data(commit.utf8), to: "\(repository)/refs/main")
        for file in ["config.json", "model.safetensors", "preprocessor_config.json", "tokenizer.json"] {
            try workplace.folder.write(
                Data(contentsOf: Fixtures.url("families/hf-clip/\(file)")),
                to: "\(repository)/snapshots/\(commit)/\(file)")
        }
        let environment = [
            "HF_HOME": workplace.folder.path("home"), "XDG_DATA_HOME": workplace.folder.path("data"),
        ]
        let pulled = try await Command.run("models", "pull", "tiny/clip", "--offline", environment: environment)
        #expect(pulled.status == 0 && pulled.errors.contains("tiny--clip is ready"), "\(pulled)")
        let embedded = try await Command.run("embed", "a cat", "--model", "tiny/clip", environment: environment)
        #expect(embedded.status == 0 && embedded.lines.count == 1, "\(embedded)")
        let again = try await Command.run("models", "pull", "tiny/clip", "--offline", environment: environment)
        #expect(again.status == 0 && again.errors.contains("is installed"), "\(again)")
        expectFailure(
            try await Command.run("models", "pull", "tiny/other", "--offline", environment: environment), status: 1,
            says: "tiny/other")
    }

    @Test func aFileOfWeightsIsAModel() async throws {
        let file = Fixtures.path("families/openai-pt/ViT-tiny.pt")
        let picture = try await Command.run("embed", Fixtures.sample("moon.png"), "--model", file)
        #expect(picture.status == 0 && picture.lines.count == 1, "\(picture)")
        let unnamed = Fixtures.path("families/openclip-vit/open_clip_model.safetensors")
        expectFailure(
            try await Command.run("embed", "a cat", "--text", "--model", unnamed), status: 1, says: "--architecture")
    }

    @Test func anUnknownModelIsExplained() async throws {
        let photo = Fixtures.sample("moon.png")
        expectFailure(
            try await Command.run("embed", "a cat", "--model", "liite"), status: 1, says: "no model \"liite\"",
            "lite", "slash")
        expectFailure(
            try await Command.run("classify", photo, "--labels", "cat", "-m", workplace.folder.path("none")), status: 1,
            says: workplace.folder.path("none"), "no model folder or file here")
        expectFailure(
            try await Command.run("embed", "cat", environment: ["XDG_DATA_HOME": workplace.folder.path("data")]),
            status: 1, says: "\"lite\" is not on this machine yet", "glimpse models pull lite")
        expectFailure(
            try await Command.run("embed", "a cat", "--model", workplace.pictures), status: 1,
            says: "config.json cannot be read", workplace.pictures)
    }

    @Test func everyWrongTensorIsNamed() async throws {
        let model = try workplace.tinyModel { weights in
            weights["vision_model.head.bias"] = nil
            weights["vision_model.surplus"] = Tensor(shape: [1], scalars: [0])
            weights["concepts.center"] = Tensor(shape: [31], scalars: Array(repeating: 0, count: 31))
        }
        expectFailure(
            try await Command.run("embed", "--model", model, input: "a cat"), status: 1,
            says: model + "/model.safetensors", "vision_model.head.bias is missing",
            "vision_model.surplus is not part of this model", "concepts.center is [31]", "expects [32]", "fetch")
    }

    @Test func weightsThatAreCutOffAreRefused() async throws {
        let model = try workplace.tinyModel()
        let weights = URL(filePath: model + "/model.safetensors")
        let whole = try Data(contentsOf: weights)
        for length in [0, 7, 100, whole.count / 2] {
            try whole.prefix(length).write(to: weights)
            expectFailure(
                try await Command.run("embed", "a cat", "--model", model), status: 1, says: "model.safetensors")
        }
    }
}
