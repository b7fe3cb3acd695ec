import ArgumentParser
import Foundation
import GlimpseModels
import GlimpseTensor

/// Runs Glimpse and the peers in turns on the same inputs.
struct Compare: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Compare the speed of models with that of other runtimes.",
        discussion: """
            Prints a line of JSON a workload. Ours is timed from prepared bytes or text to vectors, so it also normalises and tokenises; a \
            peer is timed from prepared numbers to the network's outputs.
            """)

    @Option(help: "The Python that peers/requirements.txt is installed in.", completion: .file())
    var python: String

    @Option(help: "The folder of time_peer.py.", completion: .directory)
    var peers: String

    @Option(help: "The folder of the ONNX files.", completion: .directory)
    var networks: String

    @Option(help: "The folder of the CLIP model of floats.", completion: .directory)
    var clip: String

    @Option(help: "The folder of the CLIP model whose floats are halves.", completion: .directory)
    var clipOfHalves: String

    @Option(help: "What to compare with, separated by commas: onnxruntime, openvino, open_clip.")
    var runtimes = "onnxruntime,openvino"

    @Option(help: "How many threads each side has.")
    var threads = 2

    @Option(help: "How often each side has its turn, at most.")
    var rounds = 9

    @Option(help: "Only the workloads whose name has this in it.")
    var only: String?

    func run() throws {
        let runtimes = try runtimes.split(separator: ",").map { name in
            guard let runtime = Runtime(rawValue: String(name)) else {
                throw ValidationError("--runtimes: \(name) is not known.")
            }
            return runtime
        }
        let compute = Compute(threads: threads)
        let models = try Models(
            lite: StandardFolders().models.appending(path: "lite"), clip: URL(filePath: clip),
            clipOfHalves: URL(filePath: clipOfHalves), on: compute)
        let processes = try runtimes.map { runtime in
            try PeerProcess(
                runtime: runtime, python: python, script: URL(filePath: peers).appending(path: "time_peer.py"),
                models: models, threads: threads)
        }
        let comparison = Comparison(
            models: models, peers: processes, networks: URL(filePath: networks), threads: threads, rounds: rounds)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        for workload in try Workload.all(models: models) where only.map(workload.name.contains) ?? true {
            guard workload.networks.contains(where: { runtimes.contains($0.runtime) }) else { continue }
            let measurement = try comparison.run(workload)
            // Written at once: half an hour is not lost when the next workload fails.
            FileHandle.standardOutput.write(try encoder.encode(measurement) + Data("\n".utf8))
            FileHandle.standardError.write(Data("\(measurement.summary)\n".utf8))
        }
        for process in processes { try process.finish() }
    }
}
