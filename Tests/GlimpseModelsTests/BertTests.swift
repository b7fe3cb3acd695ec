import Foundation
import GlimpseFormats
import GlimpseModels
import GlimpseTensor
import TestSupport
import Testing

/// A small random BERT against transformers' own outputs (`Fixtures/generate/tiny_bert.py`).
struct BertTests {
    private static let lengths = [1, 2, 3, 7, 16, 33, 64]
    private let golden: SafetensorsFile
    private let configuration: BertConfiguration

    init() throws {
        golden = try SafetensorsFile(path: Fixtures.path("models/tiny-bert/outputs.safetensors"))
        configuration = try JSONDecoder().decode(
            BertConfiguration.self, from: Data(contentsOf: Fixtures.url("models/tiny-bert/config.json")))
    }

    private func encoder(on compute: Compute) throws -> BertEncoder {
        let reader = WeightReader(try SafetensorsFile(path: Fixtures.path("models/tiny-bert/model.safetensors")))
        let encoder = try BertEncoder(configuration, reader.scope(""), on: compute)
        try reader.finish()
        return encoder
    }

    private func ids(_ length: Int) throws -> [Int32] {
        try golden.tensor("ids.\(length)").floats().map { Int32($0) }
    }

    /// Both sides add up 32-bit numbers in different order; two layers lose a few bits.
    private func expectGolden(_ found: [Float], length: Int) throws {
        let expected = try golden.tensor("mean.\(length)").floats()
        let norm = found.reduce(0) { $0 + $1 * $1 }.squareRoot()
        expectClose(found.map { $0 / norm }, expected, tolerance: 2e-5, "length \(length)")
        #expect(cosine(found, expected) >= 0.99999)
    }

    @Test(arguments: lengths)
    func oneTextAloneAgrees(length: Int) throws {
        for compute in [Compute(threads: 1), Compute(threads: 2), .portable()] {
            let found = try encoder(on: compute)([try ids(length)], on: compute)
            try expectGolden(found.row(0), length: length)
        }
    }

    @Test func textsOfDifferentLengthTogetherAgree() throws {
        let compute = Compute(threads: 2)
        let found = try encoder(on: compute)(try Self.lengths.map(ids), on: compute)
        for (row, length) in Self.lengths.enumerated() { try expectGolden(found.row(row), length: length) }
    }
}
