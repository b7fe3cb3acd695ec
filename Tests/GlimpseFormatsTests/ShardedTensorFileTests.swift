import Foundation
import GlimpseFormats
import TestSupport
import Testing

/// A checkpoint in several files and the index that joins them.
@Suite struct ShardedTensorFileTests {
    private let directory: TemporaryFolder

    init() throws {
        directory = try TemporaryFolder()
        for (name, value) in [("one", 1), ("two", 2)] {
            try SafetensorsWriter.write(
                [.init(name: "\(name).weight", shape: [2], values: [Float(value), 0])],
                to: directory.path("\(name).safetensors"))
        }
    }

    private func index(_ map: String) throws -> String {
        try directory.write(
            Array("{\"metadata\": {\"total_size\": 16}, \"weight_map\": \(map)}".utf8), to: "index.json")
    }

    @Test func tensorsComeFromTheFilesTheIndexNames() throws {
        let path = try index("{\"two.weight\": \"two.safetensors\", \"one.weight\": \"one.safetensors\"}")
        let file = try ShardedTensorFile(indexPath: path)
        #expect(file.names == ["one.weight", "two.weight"])
        #expect(file.paths == ["one", "two"].map { directory.path("\($0).safetensors") })
        #expect(try file.tensor("one.weight").floats() == [1, 0])
        #expect(try file.tensor("two.weight").floats() == [2, 0])
        #expect(throws: FormatError.self) { try file.tensor("three.weight") }
    }

    @Test(arguments: [
        ("{\"one.weight\": \"../one.safetensors\"}", FormatError.Code.malformed),
        ("{\"one.weight\": \"/etc/passwd\"}", .malformed), ("{\"one.weight\": \"..\"}", .malformed),
        ("{\"one.weight\": \"\"}", .malformed), ("{\"one.weight\": 1}", .malformed),
        ("{\"one.weight\": \"one.safetensors\", \"one.weight\": \"two.safetensors\"}", .malformed),
        ("{\"one.weight\": \"two.safetensors\"}", .missingTensor),
        ("{\"one.weight\": \"no.safetensors\"}", .inputOutput),
        ("[]", .malformed), ("{", .malformed),
    ])
    func anIndexThatMisleadsIsRefused(map: String, code: FormatError.Code) throws {
        let path = try index(map)
        let error = try #require(throws: FormatError.self) { try ShardedTensorFile(indexPath: path) }
        #expect(error.code == code, "\(error)")
    }

    @Test func anIndexCutAnywhereIsRefused() throws {
        let path = try index("{\"two.weight\": \"two.safetensors\", \"one.weight\": \"one.safetensors\"}")
        let whole = try Data(contentsOf: URL(filePath: path))
        for length in 0..<whole.count - 1 {
            let cut = try directory.write(Array(whole.prefix(length)), to: "cut.json")
            #expect(throws: FormatError.self) { try ShardedTensorFile(indexPath: cut) }
        }
    }
}
