import Foundation
import GlimpseFormats
import TestSupport
import Testing

@Suite struct SafetensorsTests {
    private let directory: TemporaryFolder

    init() throws { directory = try TemporaryFolder() }

    /// A file of a header and zeros.
    private func file(_ header: String, dataCount: Int = 0, headerCount: UInt64? = nil) throws -> String {
        let count = headerCount ?? UInt64(header.utf8.count)
        let bytes = withUnsafeBytes(of: count.littleEndian, Array.init) + Array(header.utf8)
        return try directory.write(bytes + [UInt8](repeating: 0, count: dataCount))
    }

    @Test(arguments: ["every-type.safetensors", "writer.safetensors"])
    func readsWhatTheReferenceWrote(_ name: String) throws {
        let file = try SafetensorsFile(path: fixture(name))
        let expected = try ExpectedTensor.all(in: name)
        #expect(file.names == expected.keys.sorted())
        for (name, values) in expected {
            let tensor = try file.tensor(name)
            #expect(tensor.shape == values.shape)
            #expect(try tensor.floats() == values.values, "\(name)")
        }
    }

    @Test func readsMetadataAndTypes() throws {
        let file = try SafetensorsFile(path: fixture("every-type.safetensors"))
        #expect(file.metadata == ["format": "pt"])
        #expect(try file.tensor("bf16").elementType == .bf16)
        #expect(try file.tensor("i8").withUnsafeBytes(Array.init) == [0x80, 0xFF, 0, 1, 0x7F])
        #expect(try file.tensor("scalar").shape == [])
    }

    @Test func writesTheBytesTheReferenceWrites() throws {
        let path = directory.path("out.safetensors")
        try SafetensorsWriter.write(
            [
                .init(name: "ä \"q\"\\", shape: [1], values: [2.5]),
                .init(name: "a.weight", shape: [4], values: [1, -65504, 1e-7, 0.333333], elementType: .f16),
                .init(name: "b.weight", shape: [2, 3], values: (0..<6).map { Float($0) / 8 }),
            ], metadata: ["kind": "näme\n\"x\""], to: path)
        #expect(try contents(of: path) == contents(of: fixture("writer.safetensors")))
        #expect(try directory.names == ["out.safetensors"])
    }

    @Test func orderOfTensorsDoesNotChangeTheFile() throws {
        let tensors = ["b", "c", "a"].map { SafetensorsWriter.Tensor(name: $0, shape: [2], values: [1, 2]) }
        try SafetensorsWriter.write(tensors, metadata: ["x": "1", "y": "2"], to: directory.path("1"))
        try SafetensorsWriter.write(tensors.reversed(), metadata: ["y": "2", "x": "1"], to: directory.path("2"))
        #expect(try contents(of: directory.path("1")) == contents(of: directory.path("2")))
    }

    @Test func failedWriteLeavesTheOldFile() throws {
        let path = try directory.write([1, 2, 3], to: "kept")
        struct Stop: Error {}
        let tensors: [SafetensorsWriter.Tensor] = [
            .init(name: "a", shape: [1], values: [1]),
            .init(name: "b", shape: [1], values: { throw Stop() }),
        ]
        #expect(throws: Stop.self) { try SafetensorsWriter.write(tensors, to: path) }
        #expect(try contents(of: path) == [1, 2, 3])
        #expect(try directory.names == ["kept"])
    }

    @Test(arguments: [
        ("x", [3], ElementType.f32), ("x", [-1], .f32), ("x", [Int.max, 2], .f32), ("x", [2], .i8),
        ("__metadata__", [2], .f32), ("twice", [2], .f32),
    ])
    func impossibleTensorsAreNotWritten(_ name: String, _ shape: [Int], _ type: ElementType) throws {
        let error = try #require(throws: FormatError.self) {
            try SafetensorsWriter.write(
                [
                    .init(name: name, shape: shape, values: [1, 2], elementType: type),
                    .init(name: "twice", shape: [1], values: [1]),
                ], to: directory.path("out"))
        }
        #expect(error.code == .invalidArgument)
        #expect(try directory.names.isEmpty)
    }

    @Test func missingTensorIsNamed() throws {
        let file = try SafetensorsFile(path: fixture("every-type.safetensors"))
        let error = try #require(throws: FormatError.self) { try file.tensor("visual.proj") }
        #expect(error.code == .missingTensor)
        #expect(error.description.contains("visual.proj"))
    }

    @Test(arguments: [
        (
            #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}"#,
            12
        ),
        (
            #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
            4
        ),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, 8),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 5),
        (#"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, 4),
        (#"{"a":{"dtype":"F32","shape":[-1,-1],"data_offsets":[0,4]}}"#, 4),
        (#"{"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}"#, 4),
        (#"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}"#, 0),
        (#"{"a":{"dtype":"F32","shape":[4611686018427387904],"data_offsets":[0,0]}}"#, 0),
        (#"{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,4]}}"#, 4),
        (#"{"a":{"dtype":"F16","shape":[1],"data_offsets":[0,4]}}"#, 4),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}"#, 4),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, 4),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"shape":[1]}}"#, 4),
        (#"{"a":{"dtype":"F32","shape":[1]}}"#, 4),
        (
            #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}"#,
            2
        ),
        (
            #"{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"\u0061":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}"#,
            0
        ),
        (#"{"__metadata__":{"a":1}}"#, 0),
        (#"{"__metadata__":{"a":"1","a":"2"}}"#, 0),
        (#"{"__metadata__":{},"__metadata__":{}}"#, 0),
        (#"{"a":1}"#, 0),
        (#"[]"#, 0),
        (#"{"a":"\ud800"}"#, 0),
        (#"{} x"#, 0),
        (#"{"a":01}"#, 0),
        (String(repeating: #"{"a":"#, count: 100_000), 0),
    ])
    func contradictoryHeadersAreMalformed(_ header: String, _ dataCount: Int) throws {
        let path = try file(header, dataCount: dataCount)
        let error = try #require(throws: FormatError.self) { try SafetensorsFile(path: path) }
        #expect(error.code == .malformed, "\(error)")
    }

    @Test func unknownTypeIsUnsupported() throws {
        let path = try file(#"{"a":{"dtype":"F8_E4M3","shape":[1],"data_offsets":[0,1]}}"#, dataCount: 1)
        let error = try #require(throws: FormatError.self) { try SafetensorsFile(path: path) }
        #expect(error.code == .unsupported)
        #expect(error.location == "a")
    }

    @Test(arguments: [(UInt64(100_000_001), FormatError.Code.tooLarge), (UInt64.max, .malformed), (50_000, .truncated)])
    func impossibleHeaderLengths(_ count: UInt64, _ code: FormatError.Code) throws {
        let path = try file("{}", headerCount: count)
        let error = try #require(throws: FormatError.self) { try SafetensorsFile(path: path) }
        #expect(error.code == code)
    }

    @Test func fileWithoutTensorsIsRead() throws {
        #expect(try SafetensorsFile(path: file("{}  ")).names.isEmpty)
    }

    @Test func everyTruncationThrows() throws {
        let bytes = try contents(of: fixture("every-type.safetensors"))
        try expectEveryTruncationThrows(bytes, in: directory) { _ = try readAll(try SafetensorsFile(path: $0)) }
    }

    @Test func changedBytesNeverCrash() throws {
        let bytes = try contents(of: fixture("writer.safetensors"))
        let header = 8 + Int(bytes[0]) + Int(bytes[1]) << 8
        let failures = try mutate(bytes, 0..<header, in: directory) { _ = try readAll(try SafetensorsFile(path: $0)) }
        #expect(failures > header)
    }
}
