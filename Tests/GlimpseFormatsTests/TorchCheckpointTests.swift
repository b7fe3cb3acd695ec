import GlimpseFormats
import TestSupport
import Testing

@Suite struct TorchCheckpointTests {
    private let directory: TemporaryFolder

    init() throws { directory = try TemporaryFolder() }

    @Test(arguments: [
        "state.zip.pth", "state.legacy.pth", "nested.zip.pth", "nested.legacy.pth", "deflated.zip.pth", "small.zip.pth",
        "small.legacy.pth",
    ])
    func readsWhatTorchWrote(_ name: String) throws {
        let file = try TensorFiles.open(path: fixture(name))
        #expect(file is TorchCheckpoint)
        let expected = try ExpectedTensor.all(in: name)
        #expect(file.names == expected.keys.sorted())
        for (name, values) in expected {
            let tensor = try file.tensor(name)
            #expect(tensor.shape == values.shape)
            #expect(try tensor.floats() == values.values, "\(name)")
        }
    }

    @Test(arguments: ["forbidden.zip.pth", "forbidden.legacy.pth"])
    func codeIsRefusedByName(_ name: String) throws {
        let error = try #require(throws: FormatError.self) { try TorchCheckpoint(path: fixture(name)) }
        #expect(error.code == .forbidden)
        #expect(error.message.contains("posix.system"))
        #expect(error.message.contains("no code from a checkpoint is ever run"))
    }

    @Test func modulesOfATorchScriptArchiveAreATreeOfTensors() throws {
        let file = try TorchCheckpoint(path: fixture("script.pt"))
        #expect(file.names == ["bias", "weight"])
        #expect(try file.tensor("weight").shape == [1, 1])
        #expect(try file.tensor("bias").floats().allSatisfy(\.isFinite))
    }

    @Test(arguments: [
        ("no-tensors.zip.pth", FormatError.Code.missingTensor), ("plain.zip", .unsupported),
        ("f4.npy", .unsupported),
    ])
    func otherFilesAreRefused(_ name: String, _ code: FormatError.Code) throws {
        let error = try #require(throws: FormatError.self) { try TorchCheckpoint(path: fixture(name)) }
        #expect(error.code == code, "\(error)")
    }

    @Test(arguments: ["small.legacy.pth", "small.zip.pth", "script.pt"])
    func everyTruncationThrows(_ name: String) throws {
        let bytes = try contents(of: fixture(name))
        try expectEveryTruncationThrows(bytes, in: directory) { _ = try readAll(try TorchCheckpoint(path: $0)) }
    }

    @Test(arguments: ["small.legacy.pth", "small.zip.pth", "script.pt"])
    func changedBytesNeverCrash(_ name: String) throws {
        let bytes = try contents(of: fixture(name))
        let failures = try mutate(bytes, bytes.indices, in: directory) {
            _ = try readAll(try TorchCheckpoint(path: $0))
        }
        #expect(failures > bytes.count)
    }

    @Test func damagedStorageIsNoticed() throws {
        var bytes = try contents(of: fixture("small.zip.pth"))
        let storage = [0x00, 0x00, 0x80, 0x3F, 0x00, 0x00, 0x00, 0x40] as [UInt8]
        let position = try #require(bytes.indices.first { bytes[$0...].starts(with: storage) })
        bytes[position] ^= 1
        let file = try TorchCheckpoint(path: try directory.write(bytes))
        let error = try #require(throws: FormatError.self) { try file.tensor("w").floats() }
        #expect(error.code == .checksumMismatch)
    }

    @Test func tensorsAreReadTogether() async throws {
        let file = try TorchCheckpoint(path: fixture("deflated.zip.pth"))
        let expected = try ExpectedTensor.all(in: "deflated.zip.pth")
        try await withThrowingTaskGroup(of: (String, [Float]).self) { group in
            for _ in 0..<8 {
                for name in file.names { group.addTask { (name, try file.tensor(name).floats()) } }
            }
            for try await (name, values) in group { #expect(values == expected[name]?.values) }
        }
    }
}
