import ArgumentParser
import Foundation
import GlimpseModels
import GlimpseTensor

/// Does the same work a number of times, for tools that count instructions or watch the whole process: what twice takes more
/// than once is what one run takes, without loading.
struct EmbedRepeatedly: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Embed one text or one picture again and again.")

    enum Input: String, ExpressibleByArgument, CaseIterable {
        case text, picture
    }

    @Argument(help: "What to embed: a text of 7 tokens, or a picture of 224 × 224 pixels.")
    var input: Input

    @Option(help: "The folder of the model.", completion: .directory)
    var model: String

    @Option(help: "How often.")
    var times = 1

    @Option(help: "How many threads work together.")
    var threads = 1

    func run() throws {
        let compute = Compute(threads: threads)
        let folder = ModelFolder(name: "measured", url: URL(filePath: model))
        let towers: Model.Towers = input == .text ? .text : .image
        let embedder = Embedder(model: try Model.load(folder: folder, towers: towers, on: compute), on: compute)
        let picture = Workload.picture(seed: 0)
        for _ in 0..<times {
            switch input {
            case .text: _ = try embedder.embed(texts: ["a photo of a cat"])
            case .picture: _ = try embedder.embed(preprocessed: [picture])
            }
        }
    }
}
