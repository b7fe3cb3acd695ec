import Foundation
import GlimpseMedia
import GlimpseModels
import GlimpseTasks
import GlimpseTensor
import TestSupport
import Testing

/// Lines in, vectors out.
struct EmbeddingStreamTests {
    @Test(arguments: [
        ("a cat", EmbeddingInput.text("a cat")), ("", .text("")), ("cat.jpg", .picture("cat.jpg")),
        ("a cat.jpg", .text("a cat.jpg")),
        ("there.txt", .picture("there.txt")), ("photos/cat.jpg", .picture("photos/cat.jpg")),
        ("photos/CAT.JPEG", .picture("photos/CAT.JPEG")), ("and/or", .text("and/or")),
        ("notes/cat.txt", .text("notes/cat.txt")),
    ])
    func aLineIsATextOrAPicture(line: String, expected: EmbeddingInput) {
        let input = EmbeddingInput(line) { $0 == "there.txt" }
        #expect(input == expected)
        #expect(input.value == line)
    }

    @Test func outputsComeInTheOrderOfTheInputs() async throws {
        let folder = try TemporaryFolder()
        try TinyModels.writeLite(to: folder)
        let compute = Compute(threads: 1)
        let model = try Model.load(folder: ModelFolder(name: "tiny", url: folder.url), on: compute)
        let embedder = Embedder(model: model, on: compute)
        let pictures = try TestPictures.writeWaves(2, to: folder, below: "pictures")
        let cut = try folder.write(try Data(contentsOf: URL(filePath: pictures[0])).prefix(300), to: "cut.jpg")
        let inputs: [EmbeddingInput] = [
            .text("a dog"), .picture(pictures[1]), .picture(cut), .text("a red cat"), .picture(folder.path("none.png")),
            .picture(pictures[0]), .text("a dog"),
        ]
        let outputs = try await EmbeddingStream(model: model, on: compute).embed(inputs)
        #expect(outputs.map(\.input) == inputs)

        let texts = try embedder.embed(texts: ["a dog", "a red cat"])
        let decoder = ImageDecoder()
        let seen = try pictures.map { try embedder.embed(pictures: [decoder.decode(path: $0)])[0] }
        let expected = [texts[0], seen[1], nil, texts[1], nil, seen[0], texts[0]]
        for (output, expected) in zip(outputs, expected) {
            switch output.result {
            case .success(let embedding):
                let expected = try #require(expected, "\(output.input) cannot be read")
                expectClose(embedding.values, expected.values, tolerance: 1e-5, "\(output.input)")
            case .failure(let error):
                #expect(expected == nil)
                #expect(error.path == output.input.value)
                #expect(error.code == (output.input == .picture(cut) ? .truncated : .missing))
            }
        }
    }

    @Test func noInputsGiveNoOutputs() async throws {
        let outputs = try await EmbeddingStream(model: try Lite.embedder().model, on: Compute(threads: 1)).embed([])
        #expect(outputs.isEmpty)
    }
}
