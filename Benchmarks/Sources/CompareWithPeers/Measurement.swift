import Foundation
import GlimpseTensor

/// What came out of a workload's turns: a line of JSON, from which `measure/make_table.py` makes the table.
struct Measurement: Encodable {
    /// A side and the seconds of its turns.
    struct Side: Encodable {
        /// The name and version of what ran.
        let runtime: String
        /// The file that ran.
        let network: String
        let seconds: [Double]
    }

    let workload: String
    let precision: String
    let threads: Int
    let target: Double?
    /// The lowest cosine between a vector of ours and a peer's.
    let cosine: Float
    let ours: Side
    let peers: [Side]
    let processor: String
    let loadBefore: String
    let loadAfter: String

    enum CodingKeys: String, CodingKey {
        case workload, precision, threads, target, cosine, ours, peers, processor
        case loadBefore = "load_before"
        case loadAfter = "load_after"
    }

    init(workload: Workload, cosine: Float, threads: Int, ours: Side, peers: [Side], loadBefore: String) {
        self.workload = workload.name
        precision = workload.precision.rawValue
        target = workload.target
        (self.cosine, self.threads, self.ours, self.peers) = (cosine, threads, ours, peers)
        processor = Machine.processor
        (self.loadBefore, loadAfter) = (loadBefore, Machine.load)
    }

    /// The median ratio to each peer, above 1 where Glimpse is faster.
    var summary: String {
        let ratios = peers.map { peer in
            let sorted = zip(peer.seconds, ours.seconds).map { $0 / $1 }.sorted()
            return "\(String(format: "%.2f", sorted[sorted.count / 2])) × \(peer.runtime)"
        }
        return "\(workload), \(precision): \(ratios.joined(separator: ", "))"
    }
}
