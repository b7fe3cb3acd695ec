import Foundation
import GlimpseMedia
import GlimpseModels
import GlimpseTensor
import TestSupport
import Testing

/// The Swift example of the README, so that it keeps compiling and being true.
struct ReadmeExampleTests {
    @Test func aCatScoresHighForItsName() throws {
        let compute = Compute()
        let folder = ModelStore(root: StandardFolders().models).folder(named: "lite")
        let embedder = Embedder(model: try Model.load(folder: folder, on: compute), on: compute)
        let cat = Fixtures.samples.appending(path: "chelsea.png").path(percentEncoded: false)
        let picture = try ImageDecoder().decode(path: cat)
        let score = try embedder.embed(pictures: [picture])[0].cosine(to: embedder.embed(texts: ["a cat"])[0])
        #expect(score > 0.5)
    }
}
