import Foundation
import GlimpseFormats
import GlimpseModels
import TestSupport
import Testing

/// OpenAI's original layout, whose sizes are read off names and shapes: whatever those are, an error or a model.
struct OpenAIArchiveTests {
    private let folder: TemporaryFolder
    private let archive: [SafetensorsWriter.Tensor]

    init() throws {
        folder = try TemporaryFolder()
        let file = try TorchCheckpoint(path: Fixtures.path("families/openai-pt/ViT-tiny.pt"))
        archive = try file.names.map { name -> SafetensorsWriter.Tensor in
            let stored = try file.tensor(name)
            return SafetensorsWriter.Tensor(name: name, shape: stored.shape, values: try stored.floats())
        }
    }

    /// Finds out what an archive of these tensors holds.
    private func open(_ tensors: [SafetensorsWriter.Tensor]) throws {
        let path = folder.path("archive.safetensors")
        try SafetensorsWriter.write(tensors, to: path)
        _ = try Checkpoint(ModelFolder(file: folder.url.appending(path: "archive.safetensors")))
    }

    @Test func theArchiveItselfIsAModel() throws {
        try open(archive)
    }

    @Test(
        arguments: ["transformer.resblocks", "visual.transformer.resblocks"],
        ["9223372036854775807", "9223372036854775806", "1000000000000", "3", "-1"])
    func aPartWithoutThoseBeforeItIsReported(prefix: String, number: String) throws {
        let stray = SafetensorsWriter.Tensor(name: "\(prefix).\(number).ln_1.bias", shape: [1], values: [0])
        let error = #expect(throws: ModelError.self) { try open(archive + [stray]) }
        #expect(error?.code == .weightMismatch)
        #expect(error?.message.contains("\(prefix).\(number) is one of 2 parts, expected 0 to 1") == true)
    }

    @Test func extentsThatMakeNoModelAreReported() throws {
        let wide = archive.map { tensor in
            tensor.name == "visual.positional_embedding"
                ? SafetensorsWriter.Tensor(
                    name: tensor.name, shape: [1_000_001, 1], values: Array(repeating: 0, count: 1_000_001)) : tensor
        }
        let error = #expect(throws: ModelError.self) { try open(wide) }
        #expect(error?.message.contains("expected 2 extents of 1 to 1,000,000") == true)
    }
}
