/// A safetensors file, memory-mapped: opening reads the header, tensors are read where they lie.
///
/// The format: 8 bytes length of the header, the header in JSON, the tensors' bytes without gap or overlap
/// (https://github.com/huggingface/safetensors#format).
public struct SafetensorsFile: TensorFile {
    /// The largest header that is read, in bytes; the limit of the reference implementation.
    public static let headerLimit = 100_000_000

    /// The path it was opened by.
    public let path: String
    /// The names of all tensors, sorted.
    public let names: [String]
    /// The free text pairs of the header.
    public let metadata: [String: String]

    private let data: ByteRegion
    private let entries: [String: SafetensorsHeader.Entry]

    /// Maps a file and checks its header entirely: types, shapes, and that the tensors tile the data.
    ///
    /// - Throws: `FormatError`.
    public init(path: String) throws {
        let file = try MappedFile(path: path)
        let (header, dataStart) = try file.withUnsafeBytes { bytes in
            var reader = ByteReader(bytes, path: path)
            let length = try reader.size64()
            guard length <= Self.headerLimit else {
                throw FormatError(
                    .tooLarge, "the header claims \(length) bytes; at most \(Self.headerLimit) are read", path: path,
                    location: "byte 0", remedy: "check that this is a safetensors file")
            }
            let text = try reader.take(length)
            return (try SafetensorsHeader(text, path: path), reader.position)
        }
        let dataCount = file.count - dataStart
        try header.checkTiling(dataCount: dataCount, path: path)
        guard let data = ByteRegion(file).part(offset: dataStart, count: dataCount) else {
            throw FormatError(.truncated, "the file ends in its header", path: path)
        }
        self.path = path
        self.data = data
        entries = header.entries
        names = header.entries.keys.sorted()
        metadata = header.metadata
    }

    /// Maps all pages at once, for weights that are about to be read from end to end.
    public func populate() { data.mapping?.file.populate() }

    /// Whether there is a tensor of this name.
    public func contains(_ name: String) -> Bool { entries[name] != nil }

    /// Finds a tensor; its numbers are not read yet.
    public func tensor(_ name: String) throws -> StoredTensor {
        guard let entry = entries[name], let region = data.part(offset: entry.start, count: entry.end - entry.start)
        else {
            throw FormatError(.missingTensor, "no such tensor among \(names.count)", path: path, location: name)
        }
        return StoredTensor(
            name: name, elementType: entry.elementType, path: path, layout: entry.layout, storage: { region })
    }
}
