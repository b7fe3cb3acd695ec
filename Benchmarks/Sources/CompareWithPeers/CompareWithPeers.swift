import ArgumentParser
import Foundation
import GlimpseModels
import GlimpseTensor
import GlimpseText

/// Runs Glimpse and ONNX Runtime in turns on the same inputs and prints a table of ratios.
@main
struct CompareWithPeers: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Compare the speed of the lite model with ONNX Runtime's.",
        discussion: """
            Ours is timed from prepared bytes or text to vectors, so it also normalises, tokenises and mixes classes; the peer is timed \
            from prepared numbers to the network's outputs.
            """)

    @Option(help: "The Python that peers/requirements.txt is installed in.", completion: .file())
    var python: String

    @Option(help: "The folder of time_peer.py.", completion: .directory)
    var peers: String

    @Option(help: "The folder of the ONNX files.", completion: .directory)
    var models: String

    @Option(help: "How many threads each side has.")
    var threads = 2

    @Option(help: "How often each side has its turn.")
    var rounds = 15

    @Option(help: "Only the rows whose name has this in it.")
    var only: String?

    func run() throws {
        let folder = ModelFolder(name: "lite", url: StandardFolders().models.appending(path: "lite"))
        let compute = Compute(threads: threads)
        let tokenizer = try WordPieceTokenizer(
            tokenizerJSON: folder.url.appending(path: "tokenizer.json").path(percentEncoded: false), contextLength: 256)
        let peer = try PeerProcess(
            python: python, script: URL(filePath: peers).appending(path: "time_peer.py").path(percentEncoded: false),
            lite: folder.url.path(percentEncoded: false), threads: threads)
        let comparison = Comparison(
            embedder: Embedder(model: try Model.load(folder: folder, on: compute), on: compute), peer: peer,
            models: URL(filePath: models), rounds: rounds)

        print("\(Machine.processor), \(threads) threads a side, \(compute.instructionSet), \(rounds) rounds in turns")
        print("load average before: \(Machine.load)\n")
        print(Report.header)
        for workload in Workload.all(tokenizer: tokenizer) where only.map(workload.name.contains) ?? true {
            print(Report.row(try comparison.run(workload)))
        }
        print("\nload average after: \(Machine.load)")
        try peer.finish()
    }
}
