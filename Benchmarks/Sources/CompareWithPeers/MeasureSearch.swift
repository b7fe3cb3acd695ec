import ArgumentParser
import Foundation
import GlimpseLibrary
import GlimpseModels

/// Opens a library and answers queries, one after the other.
struct MeasureSearch: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Time the opening of a library and searches of it.")

    @Option(help: "The folder of the library.", completion: .directory)
    var library: String

    @Option(help: "A file of little-endian 32-bit floats, a query after the other.", completion: .file())
    var queries: String

    @Option(help: "How many pictures an answer has.")
    var limit = 10

    private struct Report: Encodable {
        let openingSeconds: Double
        let seconds: [Double]
        let peakBytes: Int
        /// The paths of every answer.
        let answers: [[String]]
    }

    func run() throws {
        let folder = URL(filePath: library)
        guard let model = try MediaLibrary(folder: folder).statistics().models.first?.model else {
            throw ValidationError("\(self.library) has no vectors.")
        }
        let clock = ContinuousClock()
        let start = clock.now
        let library = try MediaLibrary(folder: folder)
        try library.prepareSearch(model: model)
        let openingSeconds = start.duration(to: clock.now) / .seconds(1)
        let bytes = try Data(contentsOf: URL(filePath: queries))
        let numbers = bytes.withUnsafeBytes { bytes in
            stride(from: 0, to: bytes.count, by: 4).map {
                Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: $0, as: UInt32.self)))
            }
        }
        var seconds: [Double] = []
        var answers: [[String]] = []
        for start in stride(from: 0, to: numbers.count, by: model.dimension) {
            let query = Embedding(normalizing: Array(numbers[start..<start + model.dimension]), model: model)
            let before = clock.now
            let matches = try library.search(query, limit: limit)
            seconds.append(before.duration(to: clock.now) / .seconds(1))
            answers.append(matches.map(\.path))
        }
        let report = Report(
            openingSeconds: openingSeconds, seconds: seconds, peakBytes: Machine.peakBytes, answers: answers)
        print(String(decoding: try JSONEncoder().encode(report), as: UTF8.self))
    }
}
