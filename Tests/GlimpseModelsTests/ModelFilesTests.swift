import Foundation
import GlimpseModels
import GlimpseTensor
import TestSupport
import Testing

/// Which files of a repository are fetched, and what a folder or a file of weights is taken for.
struct ModelFilesTests {
    @Test(arguments: [
        (
            [
                "README.md", "config.json", "flax_model.msgpack", "model.safetensors", "pytorch_model.bin",
                "tokenizer.json",
            ],
            ["config.json", "tokenizer.json", "model.safetensors"]
        ),
        (
            [
                "open_clip_config.json", "open_clip_pytorch_model.bin", "open_clip_model.safetensors", "config.json",
                "model.safetensors",
            ],
            ["config.json", "open_clip_config.json", "open_clip_model.safetensors"]
        ),
        (
            ["open_clip_config.json", "open_clip_pytorch_model.bin"],
            ["open_clip_config.json", "open_clip_pytorch_model.bin"]
        ),
        (
            [
                "config.json", "model-00002-of-00002.safetensors", "model-00001-of-00002.safetensors",
                "model.safetensors.index.json", "pytorch_model.bin",
            ],
            [
                "config.json", "model.safetensors.index.json", "model-00001-of-00002.safetensors",
                "model-00002-of-00002.safetensors",
            ]
        ),
    ])
    func theWeightsThatLoadFastestAreTaken(listed: [String], needed: [String]) throws {
        #expect(try ModelFiles.needed(of: listed) == needed)
    }

    @Test(arguments: [["README.md"], ["model.safetensors"], ["config.json", "tf_model.h5"]])
    func aRepositoryWithoutAModelIsRefused(listed: [String]) {
        #expect(throws: ModelError.self) { try ModelFiles.needed(of: listed) }
    }

    @Test func aFileOfWeightsNeedsAnArchitecture() throws {
        let file = Fixtures.url("families/openclip-vit/open_clip_model.safetensors")
        let unnamed = try #require(throws: ModelError.self) { try Checkpoint(ModelFolder(file: file)) }
        #expect(unnamed.description.contains("--architecture"))
        let unknown = try #require(throws: ModelError.self) {
            try Checkpoint(ModelFolder(file: file, architecture: "ViT-Z-99"))
        }
        #expect(unknown.description.contains("ViT-B-32"))
        let other = try #require(throws: ModelError.self) {
            try Checkpoint(ModelFolder(file: file, architecture: "vit-b-32")).load(.both, on: Compute(threads: 1))
        }
        #expect(other.description.contains("the configuration expects [768, 3, 32, 32]"))
    }

    @Test func everyNamedArchitectureIsUnderstood() throws {
        let names = try NamedArchitectures.names()
        #expect(names.count > 80)
        for name in names { #expect(throws: Never.self, "\(name)") { try NamedArchitectures.validate(name) } }
    }

    @Test func everyModelOfTheCatalogueHasANameOfItsOwn() throws {
        let entries = try Catalogue.builtIn().entries
        #expect(Set(entries.map { $0.name.lowercased() }).count == entries.count)
        #expect(entries.allSatisfy { $0.imageNetTop1.map { (0.5..<0.9).contains($0) } ?? true })
    }
}
