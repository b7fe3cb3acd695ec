/// A file of named tensors, whatever its format.
public protocol TensorFile: Sendable {
    /// The path it was opened by.
    var path: String { get }
    /// The files that hold the tensors.
    var paths: [String] { get }
    /// The names of all tensors, sorted.
    var names: [String] { get }
    /// Finds a tensor; its numbers are not read yet.
    ///
    /// - Throws: `FormatError` with `.missingTensor` when there is none of that name.
    func tensor(_ name: String) throws -> StoredTensor
}

extension TensorFile {
    /// The one file that most formats are.
    public var paths: [String] { [path] }
}

/// Opens files of tensors by what they contain, not by how they are called.
public enum TensorFiles {
    /// Opens a safetensors file or a PyTorch checkpoint (zip or legacy).
    ///
    /// - Throws: `FormatError` when the file cannot be read or is none of these.
    public static func open(path: String) throws -> any TensorFile {
        let start = try MappedFile(path: path).withUnsafeBytes { Array($0.prefix(9)) }
        let isZip = start.starts(with: [0x50, 0x4B, 0x03, 0x04])
        // A pickle opens with the opcode PROTO; where that is the low byte of a header's length, '{' follows at byte 8.
        let isPickle = start.first == 0x80 && start.last != UInt8(ascii: "{")
        if isZip || isPickle { return try TorchCheckpoint(path: path) }
        return try SafetensorsFile(path: path)
    }
}
