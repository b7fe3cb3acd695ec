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

    /// A checkpoint whose archive claims another length of some of its compressed storages.
    private func claiming(_ byteCount: UInt32, of storages: [Int]) throws -> String {
        var bytes = try contents(of: fixture("deflated.zip.pth"))
        let claim: [UInt8] = withUnsafeBytes(of: byteCount.littleEndian, Array.init)
        for storage in storages {
            let name = Array("state.zip/data/\(storage)".utf8)
            let entry = try #require(
                bytes.indices.first { start in
                    bytes[start...].starts(with: [0x50, 0x4B, 1, 2])
                        && bytes[start...].dropFirst(46).starts(with: name)
                })
            bytes.replaceSubrange(entry + 24..<entry + 28, with: claim)
        }
        return try directory.write(bytes)
    }

    /// Of storages that are each within bounds, many would fill the memory as well.
    @Test func compressedStoragesTogetherAreBounded() throws {
        for (byteCount, storages, code) in [
            (0x7FFF_FFFF, [0], .tooLarge), (200 << 20, [0, 1], .tooLarge), (200 << 20, [0], .malformed),
        ] as [(UInt32, [Int], FormatError.Code)] {
            let path = try claiming(byteCount, of: storages)
            let error = try #require(throws: FormatError.self) { try TorchCheckpoint(path: path) }
            #expect(error.code == code, "\(byteCount) of \(storages): \(error)")
        }
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
