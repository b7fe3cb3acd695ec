import Foundation
import GlimpseFormats
import TestSupport
import Testing

/// The path of a fixture of this part.
func fixture(_ name: String) -> String {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures/formats/\(name)").path
}

func contents(of path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(filePath: path)))
}

/// What the reference libraries read from the fixtures: file, tensor, numbers.
struct ExpectedTensor: Decodable {
    let shape: [Int]
    let values: [Float]

    static func all(in file: String) throws -> [String: ExpectedTensor] {
        let data = try Data(contentsOf: URL(filePath: fixture("expected.json")))
        let files = try JSONDecoder().decode([String: [String: ExpectedTensor]].self, from: data)
        return try #require(files[file])
    }
}

/// Opens a file and reads every tensor, as hostile files are met.
func readAll(_ file: any TensorFile) throws -> Int {
    var count = 0
    for name in file.names { count += try file.tensor(name).floats().count }
    return count
}

/// Reads a file cut off after every byte; each cut must be an error that names the file.
func expectEveryTruncationThrows(
    _ bytes: [UInt8], in directory: TemporaryFolder, read: (String) throws -> Void
) throws {
    let path = try directory.write(bytes)
    for count in bytes.indices.reversed() {
        try #require(truncate(path, off_t(count)) == 0)
        let error = try #require(throws: FormatError.self, "cut after \(count) bytes") { try read(path) }
        #expect(error.description.contains(path))
    }
}

/// Reads a file with each byte of a range changed in several ways; what is not an error of ours must be a proper result.
///
/// - Returns: how many changes were errors.
func mutate(
    _ bytes: [UInt8], _ range: Range<Int>, in directory: TemporaryFolder, read: (String) throws -> Void
) throws -> Int {
    let path = try directory.write(bytes)
    let file = try FileHandle(forWritingTo: URL(filePath: path))
    func put(_ byte: UInt8, at position: Int) throws {
        try file.seek(toOffset: UInt64(position))
        try file.write(contentsOf: [byte])
    }
    let changes: [(UInt8) -> UInt8] = [
        { $0 ^ 1 }, { $0 ^ 0x80 }, { _ in 0 }, { _ in 0xFF }, { _ in UInt8(ascii: "9") }, { _ in UInt8(ascii: "-") },
        { $0 &+ 1 },
    ]
    var failures = 0
    for position in range {
        for change in changes {
            try put(change(bytes[position]), at: position)
            do {
                try read(path)
            } catch is FormatError {
                failures += 1
            }
        }
        try put(bytes[position], at: position)
    }
    return failures
}
