import Foundation
import GlimpseModels
import GlimpseTensor

/// Runs workloads on all sides, in turns.
struct Comparison {
    /// The outputs of the sides are not the same, so their times mean nothing.
    struct Disagreement: Error, CustomStringConvertible {
        let description: String
    }

    let models: Models
    let peers: [PeerProcess]
    /// The folder with the ONNX files.
    let networks: URL
    let threads: Int
    /// How often each side has its turn, at most.
    let rounds: Int

    /// How long a turn lasts at least, in seconds; short runs are repeated.
    private static let turn = 0.1
    /// Between two turns, so that threads of the one side that wait for more work have gone to sleep.
    private static let pause = 0.01
    /// How long a workload takes, in seconds, unless so few rounds are left that they say nothing.
    private static let budget = 90.0
    private static let fewestRounds = 3
    /// What must be reached for the sides to have done the same.
    private static func lowestCosine(_ precision: Precision) -> Float {
        switch precision {
        // Single precision, summed in different orders, stays well above it.
        case .float32, .float16, .int16: 0.9999
        case .int8: 0.99
        }
    }

    /// A side of the comparison: how to run it a number of times, and how often that is done in a turn.
    private struct Side {
        let run: (_ count: Int) throws -> [Double]
        let runsPerTurn: Int
        /// Of a turn, by the trial.
        let expectedSeconds: Double

        init(_ run: @escaping (Int) throws -> [Double]) throws {
            self.run = run
            // Twice, because the first run after loading is slower.
            let trial = try run(2).min() ?? 0
            runsPerTurn = max(1, Int((turn / trial).rounded(.up)))
            expectedSeconds = trial * Double(runsPerTurn)
        }

        /// The median run of a turn, in seconds.
        func takeTurn() throws -> Double {
            Thread.sleep(forTimeInterval: pause)
            return try run(runsPerTurn).sorted()[runsPerTurn / 2]
        }
    }

    /// A runtime with the fastest of its files.
    private struct Contender {
        let name: String
        let peer: PeerProcess
        let network: Network
        let side: Side
    }

    /// Checks that the outputs agree, warms up, and lets the sides run in turns: A B C, B C A, …
    func run(_ workload: Workload) throws -> Measurement {
        let before = Machine.load
        let output = try workload.run(with: try models[workload].embedder)
        var cosines: [Float] = []
        let contenders = try peers.compactMap { peer in
            try contender(peer, for: workload, comparingWith: output, cosines: &cosines)
        }
        let lowest = Self.lowestCosine(workload.precision)
        guard let cosine = cosines.min(), cosine >= lowest else {
            throw Disagreement(
                description:
                    "\(workload.name): lowest cosine \(cosines.min() ?? .nan), expected \(lowest)")
        }
        let sides = [try Side { try ours(workload, runs: $0) }] + contenders.map(\.side)
        let seconds = try measure(sides)
        for contender in contenders { try contender.peer.drop(workload.caseName(contender.network)) }
        let results = zip(contenders, seconds.dropFirst()).map { contender, seconds in
            Measurement.Side(runtime: contender.name, network: contender.network.file, seconds: seconds)
        }
        return Measurement(
            workload: workload, cosine: cosine, threads: threads,
            ours: Measurement.Side(runtime: "Glimpse", network: "", seconds: seconds[0]), peers: results,
            loadBefore: before)
    }

    /// The seconds of each side, a number a round.
    private func measure(_ sides: [Side]) throws -> [[Double]] {
        let round = sides.map(\.expectedSeconds).reduce(0, +)
        let count = min(rounds, max(Self.fewestRounds, Int(Self.budget / round)))
        var seconds = [[Double]](repeating: [], count: sides.count)
        // One round more than counts, to warm up.
        for round in 0...count {
            for position in sides.indices {
                let index = (round + position) % sides.count
                let time = try sides[index].takeTurn()
                if round > 0 { seconds[index].append(time) }
            }
        }
        return seconds
    }

    /// Loads the workload at a peer, from each of its files; all but the fastest are dropped again.
    private func contender(
        _ peer: PeerProcess, for workload: Workload, comparingWith output: Workload.Output, cosines: inout [Float]
    ) throws -> Contender? {
        var fastest: Contender?
        for network in workload.networks where network.runtime == peer.runtime {
            let name = workload.caseName(network)
            let answer = try peer.load(workload.request(network, in: networks, model: models[workload]))
            cosines += output.cosines(to: answer.vectors)
            let candidate = Contender(
                name: answer.runtime, peer: peer, network: network, side: try Side { try peer.time(name, runs: $0) })
            if let best = fastest {
                let isFaster =
                    candidate.side.expectedSeconds / Double(candidate.side.runsPerTurn)
                    < best.side.expectedSeconds / Double(best.side.runsPerTurn)
                try peer.drop(workload.caseName(isFaster ? best.network : network))
                if isFaster { fastest = candidate }
            } else {
                fastest = candidate
            }
        }
        return fastest
    }

    private func ours(_ workload: Workload, runs: Int) throws -> [Double] {
        let clock = ContinuousClock()
        let embedder = try models[workload].embedder
        return try (0..<runs).map { _ in
            try clock.measure { _ = try workload.run(with: embedder) } / .seconds(1)
        }
    }
}
