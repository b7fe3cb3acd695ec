import GlimpseFormats
import TestSupport
import Testing

@Suite struct NumpyTests {
    private let directory: TemporaryFolder

    init() throws { directory = try TemporaryFolder() }

    @Test(arguments: [
        "f4", "f2", "f8", "i8", "i4", "i2", "i1", "u1", "b1", "fortran", "scalar", "vector", "empty", "version2",
        "version3",
    ])
    func readsWhatNumpyWrote(_ name: String) throws {
        let array = try NumpyFile(path: fixture("\(name).npy")).array
        let expected = try #require(try ExpectedTensor.all(in: "\(name).npy")[""])
        #expect(array.shape == expected.shape)
        #expect(try array.floats() == expected.values)
    }

    @Test(arguments: [[], [3], [2, 2]])
    func rowsComeBack(_ rowShape: [Int]) throws {
        let path = directory.path("out.npy")
        let writer = try NumpyWriter(path: path, rowShape: rowShape)
        let rowCount = 7
        let values = (0..<rowCount * rowShape.reduce(1, *)).map { Float($0) / 3 }
        try writer.append(Array(values[..<(values.count / rowCount)]))
        try writer.append(Array(values[(values.count / rowCount)...]))
        #expect(try directory.names != ["out.npy"])
        try writer.finish()
        #expect(writer.rowCount == rowCount)
        let array = try NumpyFile(path: path).array
        #expect(array.shape == [rowCount] + rowShape)
        #expect(try array.floats() == values)
        #expect(try directory.names == ["out.npy"])
    }

    /// A large file goes to the disk in pieces, whatever it is handed over in.
    @Test(arguments: [1, 999, 300_000, 1 << 21])
    func largeFilesComeBack(atOnce: Int) throws {
        let path = directory.path("out.npy")
        let writer = try NumpyWriter(path: path, rowShape: [])
        let values = (0..<(3 << 19) + 12_345).map { Float($0) }
        for start in stride(from: 0, to: atOnce == 1 ? 1000 : values.count, by: atOnce) {
            try writer.append(Array(values[start..<min(start + atOnce, values.count)]))
        }
        if atOnce == 1 { try writer.append(Array(values[1000...])) }
        try writer.finish()
        #expect(try NumpyFile(path: path).array.floats() == values)
    }

    @Test func headerIsAsNumpyLikesIt() throws {
        let path = directory.path("out.npy")
        let writer = try NumpyWriter(path: path, rowShape: [512])
        try writer.append([Float](repeating: 1, count: 1024))
        try writer.finish()
        let bytes = try contents(of: path)
        let header = 10 + Int(bytes[8]) + Int(bytes[9]) << 8
        #expect(header.isMultiple(of: 64))
        let text = String(decoding: bytes[10..<header], as: UTF8.self)
        #expect(text.hasPrefix("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 512), }"))
        #expect(text.hasSuffix(" \n"))
        #expect(bytes.count == header + 4096)
    }

    @Test func unfinishedFileIsNotLeft() throws {
        do {
            let writer = try NumpyWriter(path: directory.path("out.npy"), rowShape: [2])
            try writer.append([1, 2])
        }
        #expect(try directory.names.isEmpty)
    }

    @Test func partsOfRowsAreRefused() throws {
        let writer = try NumpyWriter(path: directory.path("out.npy"), rowShape: [2])
        let error = try #require(throws: FormatError.self) { try writer.append([1, 2, 3]) }
        #expect(error.code == .invalidArgument)
        #expect(throws: FormatError.self) { try NumpyWriter(path: directory.path("x"), rowShape: [-1]) }
    }

    @Test(arguments: [
        ("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", FormatError.Code.malformed),
        ("{'descr': '<f4', 'fortran_order': False, 'shape': (4,), }", .truncated),
        ("{'descr': '<f4', 'fortran_order': False, 'shape': (-3,), }", .malformed),
        ("{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775807, 2), }", .malformed),
        ("{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904,), }", .malformed),
        ("{'descr': '<f4', 'fortran_order': True, 'shape': (99999999999999999999,), }", .malformed),
        ("{'descr': '|O', 'fortran_order': False, 'shape': (3,), }", .unsupported),
        ("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (3,), }", .malformed),
        ("{'descr': '<f4', 'fortran_order': 0, 'shape': (3,), }", .malformed),
        ("{'descr': '<f4', 'shape': (3,), }", .malformed),
        ("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (3,), }", .malformed),
        ("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), } x", .malformed),
    ])
    func contradictoryHeadersAreRefused(_ header: String, _ code: FormatError.Code) throws {
        let bytes: [UInt8] =
            [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8)
        let path = try directory.write(bytes + [UInt8](repeating: 0, count: 12))
        let error = try #require(throws: FormatError.self) { try NumpyFile(path: path) }
        #expect(error.code == code, "\(error)")
    }

    @Test func bigEndianIsUnsupported() throws {
        let error = try #require(throws: FormatError.self) { try NumpyFile(path: fixture("big-endian.npy")) }
        #expect(error.code == .unsupported)
        #expect(error.message.contains(">f4"))
    }

    @Test(arguments: ["f4", "fortran", "version3"])
    func everyTruncationThrows(_ name: String) throws {
        let bytes = try contents(of: fixture("\(name).npy"))
        try expectEveryTruncationThrows(bytes, in: directory) { _ = try NumpyFile(path: $0).array.floats() }
    }

    @Test func changedBytesNeverCrash() throws {
        let bytes = try contents(of: fixture("fortran.npy"))
        let failures = try mutate(bytes, 0..<128, in: directory) { _ = try NumpyFile(path: $0).array.floats() }
        #expect(failures > 128)
    }
}
