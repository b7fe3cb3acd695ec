import Foundation
import GlimpseModels

/// One workload on both sides, in turns.
struct Comparison {
    /// What came out of the turns.
    struct Result {
        let workload: Workload
        /// The peer's file that was the fastest.
        let model: String
        /// The lowest cosine between a vector of ours and the peer's.
        let agreement: Float
        /// Seconds of our run and of the peer's: the median of each round.
        let rounds: [(ours: Double, peers: Double)]

        /// The peer's time over ours, sorted: above 1 Glimpse is faster.
        var ratios: [Double] { rounds.map { $0.peers / $0.ours }.sorted() }
    }

    /// The outputs of both sides are not the same, so their times mean nothing.
    struct Disagreement: Error, CustomStringConvertible {
        let description: String
    }

    let embedder: Embedder
    let peer: PeerProcess
    /// The folder with the ONNX files.
    let models: URL
    /// How often each side has its turn.
    let rounds: Int

    /// How long a turn lasts at least, in seconds; short runs are repeated.
    private static let turn = 0.1
    /// Between two turns, so that threads of the one side that wait for more work have gone to sleep.
    private static let pause = 0.01
    /// Single precision, summed in different orders, stays well above it.
    private static let lowestCosine: Float = 0.9999

    /// Checks that the outputs agree, warms up, and lets the sides run in turns: A B, B A, A B, …
    func run(_ workload: Workload) throws -> Result {
        let cosine = try workload.models.map { try agreement(of: workload, with: $0) }.min() ?? 0
        guard cosine >= Self.lowestCosine else {
            throw Disagreement(description: "\(workload.name): cosine \(cosine), expected \(Self.lowestCosine)")
        }
        let trials = try workload.models.map { (try peers($0, workload, runs: 5), $0) }
        guard let (peersTime, model) = trials.min(by: { $0.0 < $1.0 }) else {
            throw Disagreement(description: "\(workload.name): there is no peer")
        }
        let oursTime = try ours(workload, runs: 5)
        let (oursRuns, peersRuns) = (Self.runs(taking: oursTime), Self.runs(taking: peersTime))
        // One round more than counts, to warm up.
        let measured = try (0...rounds).map { round in
            if round.isMultiple(of: 2) {
                let first = try ours(workload, runs: oursRuns)
                return (ours: first, peers: try peers(model, workload, runs: peersRuns))
            }
            let first = try peers(model, workload, runs: peersRuns)
            return (ours: try ours(workload, runs: oursRuns), peers: first)
        }
        return Result(workload: workload, model: model, agreement: cosine, rounds: Array(measured.dropFirst()))
    }

    private static func runs(taking seconds: Double) -> Int {
        max(3, Int((turn / seconds).rounded(.up)))
    }

    /// Loads the case at the peer's and compares its vectors with ours.
    private func agreement(of workload: Workload, with model: String) throws -> Float {
        let expected = try peer.load(workload.request(model: model, in: models)).vectors
        let actual = try workload.embed(with: embedder)
        return zip(actual, expected).map { ours, theirs in
            ours.cosine(to: Embedding(normalizing: theirs, model: ours.model))
        }.min() ?? 0
    }

    /// The median of our runs, in seconds.
    private func ours(_ workload: Workload, runs: Int) throws -> Double {
        Thread.sleep(forTimeInterval: Self.pause)
        let clock = ContinuousClock()
        return try (0..<runs).map { _ in
            try clock.measure { _ = try workload.embed(with: embedder) } / .seconds(1)
        }.sorted()[runs / 2]
    }

    /// The median of the peer's runs, in seconds.
    private func peers(_ model: String, _ workload: Workload, runs: Int) throws -> Double {
        Thread.sleep(forTimeInterval: Self.pause)
        return try peer.time(workload.loadedName(model: model), runs: runs).sorted()[runs / 2]
    }
}
