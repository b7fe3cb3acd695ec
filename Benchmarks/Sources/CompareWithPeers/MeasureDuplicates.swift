import ArgumentParser
import Foundation
import GlimpseLibrary
import GlimpseMedia
import GlimpseModels
import GlimpseTasks
import GlimpseTensor

/// Looks for duplicates among ever more made-up pictures.
struct MeasureDuplicates: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Time the search for duplicates among made-up pictures, a fifth of which are copies.")

    @Option(help: "How many pictures, with commas between.")
    var counts = "10000,30000,100000"

    @Option(help: "The length of the embeddings.")
    var dimension = 512

    func run() throws {
        print("| pictures | seconds | copies found | pairs looked at closely | embeddings compared | hashes compared |")
        print("|---:|---:|---:|---:|---:|---:|")
        for count in counts.split(separator: ",").compactMap({ Int($0) }) {
            let (pictures, embeddings, copies) = Self.made(count, dimension: dimension)
            let start = ContinuousClock.now
            let report = try DuplicateFinder().find(among: pictures, embeddings: EmbeddingRows(embeddings))
            let seconds = start.duration(to: .now) / .seconds(1)
            let found = report.groups.filter { $0.tier == .copy }.reduce(0) { $0 + $1.members.count }
            let effort = report.effort
            print(
                "| \(count) | \(String(format: "%.1f", seconds)) | \(found) of \(copies) | \(effort.checkedPairs) "
                    + "| \(effort.embeddingComparisons) | \(effort.hashComparisons) |")
        }
    }

    /// Signatures are smooth random fields and copies of earlier ones with a little noise; embeddings follow them.
    private static func made(
        _ count: Int, dimension: Int
    ) -> (pictures: [ExaminedPicture], embeddings: [Embedding], copies: Int) {
        let model = ModelIdentity(name: "made-up", fingerprint: "made-up", dimension: dimension)
        var random = SeededRandom(seed: 11)
        var pictures: [ExaminedPicture] = []
        var embeddings: [Embedding] = []
        var copies = 0
        for index in 0..<count {
            let original = index % 5 == 4 ? Int.random(in: 0..<index, using: &random) : nil
            var bytes = original.flatMap { pictures[$0].signature?.bytes } ?? field(&random)
            if original != nil {
                copies += 1
                for place in bytes.indices {
                    bytes[place] = UInt8(clamping: Int(bytes[place]) + Int.random(in: -3...3, using: &random))
                }
            }
            let direction = (0..<dimension).map { _ in Float.random(in: -1...1, using: &random) }
            let base = original.map { embeddings[$0].values } ?? Array(repeating: 0, count: dimension)
            let values = zip(base, direction).map { 20 * $0 + (original == nil ? 1 : 0.15) * $1 }
            embeddings.append(Embedding(normalizing: values, model: model))
            let hash = Data("\(index)".utf8).withUnsafeBytes { ContentHash(of: $0) }
            pictures.append(
                ExaminedPicture(
                    id: Int64(index), contentHash: hash, byteCount: 1, width: 400, height: 300, capturedAt: nil,
                    files: [.init(path: "/\(index).jpg", modifiedAt: 0)], signature: PictureSignature(bytes: bytes)))
        }
        return (pictures, embeddings, copies)
    }

    /// 32 × 32 levels of a few waves, and grey.
    private static func field(_ random: inout SeededRandom) -> [UInt8] {
        let waves = (0..<8).map { _ in
            (
                x: Float.random(in: -0.9...0.9, using: &random), y: Float.random(in: -0.9...0.9, using: &random),
                phase: Float.random(in: 0...6.28, using: &random), height: Float.random(in: 5...25, using: &random)
            )
        }
        var bytes = [UInt8](repeating: 128, count: PictureSignature.byteCount)
        for y in 0..<32 {
            for x in 0..<32 {
                let sum = waves.reduce(Float(0)) { $0 + $1.height * sin($1.x * Float(x) + $1.y * Float(y) + $1.phase) }
                bytes[y * 32 + x] = UInt8(clamping: Int(128 + sum))
            }
        }
        return bytes
    }
}
