import GlimpseFormats

/// The arrays that tables are made of, by name, to be written as they are in memory.
struct TableWriter {
    private var arrays: [String: [UInt8]] = [:]

    /// Adds an array.
    mutating func add(_ name: String, _ array: [some BitwiseCopyable]) {
        arrays[name] = array.withUnsafeBytes { Array($0) }
    }

    /// How many bytes were added.
    var byteCount: Int { arrays.values.reduce(0) { $0 + $1.count } }

    /// Writes the file in one step.
    func write(to path: String, metadata: [String: String]) throws {
        var checksum = Checksum()
        for (name, bytes) in arrays.sorted(by: { $0.key < $1.key }) {
            bytes.withUnsafeBytes { checksum.add(name, $0) }
        }
        try SafetensorsWriter.write(
            arrays.map { SafetensorsWriter.Tensor(name: $0, bytes: $1) },
            metadata: metadata.merging([TableReader.checksum: String(checksum.value)]) { $1 }, to: path)
    }
}

/// The arrays of a file that a `TableWriter` wrote, every byte of them checked.
struct TableReader {
    fileprivate static let checksum = "checksum"

    private let file: SafetensorsFile

    /// Opens a file.
    ///
    /// - Throws: `FormatError`, also where the file says other things of itself than it should.
    init(path: String, metadata: [String: String]) throws {
        file = try SafetensorsFile(path: path)
        var checksum = Checksum()
        for name in file.names { try file.tensor(name).withUnsafeBytes { checksum.add(name, $0) } }
        let expected = metadata.merging([Self.checksum: String(checksum.value)]) { $1 }
        guard file.metadata == expected else {
            throw FormatError(.checksumMismatch, "\(file.metadata), expected \(expected)", path: path)
        }
    }

    /// Whether there is an array of this name.
    func contains(_ name: String) -> Bool { file.contains(name) }

    /// The array of a name.
    ///
    /// - Throws: `FormatError` where there is none, or one of other elements.
    func array<Element: BitwiseCopyable>(_ name: String, of: Element.Type = Element.self) throws -> [Element] {
        try file.tensor(name).withUnsafeBytes { bytes in
            let (count, rest) = bytes.count.quotientAndRemainder(dividingBy: MemoryLayout<Element>.stride)
            try require(rest == 0, name)
            return [Element](unsafeUninitializedCapacity: count) { elements, initialized in
                UnsafeMutableRawBufferPointer(elements).copyMemory(from: bytes)
                initialized = count
            }
        }
    }

    /// Refuses a file whose arrays a look-up could not rely on.
    ///
    /// - Throws: `FormatError`.
    func require(_ condition: Bool, _ name: String) throws {
        guard condition else {
            throw FormatError(.malformed, "arrays that do not fit", path: file.path, location: name)
        }
    }
}

extension Checksum {
    fileprivate mutating func add(_ name: String, _ bytes: UnsafeRawBufferPointer) {
        Array(name.utf8).withUnsafeBytes { add($0) }
        add(bytes)
    }
}
