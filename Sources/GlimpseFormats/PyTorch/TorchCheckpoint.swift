/// A PyTorch checkpoint holding a state dictionary, read without running any of its code: the zip format written since
/// PyTorch 1.6, TorchScript archives, and the legacy format before them.
///
/// A state dictionary nested under the key `state_dict` is found; values that are not tensors are passed over.
public struct TorchCheckpoint: TensorFile {
    /// The path it was opened by.
    public let path: String
    /// The names of all tensors, sorted.
    public let names: [String]
    private let tensors: [String: StoredTensor]

    /// Opens a checkpoint and reads its pickles; tensors' numbers are read when asked for.
    ///
    /// - Throws: `FormatError`: `.forbidden` when the checkpoint asks for anything but tensors and plain values,
    ///   `.unsupported` for big-endian files, `.missingTensor` when it holds no tensor.
    public init(path: String) throws {
        let file = try MappedFile(path: path)
        let isZip = file.withUnsafeBytes { $0.starts(with: [0x50, 0x4B, 0x03, 0x04]) }
        tensors =
            if isZip {
                try TorchZipFormat.tensors(of: file)
            } else {
                try TorchLegacyFormat.tensors(of: file)
            }
        self.path = path
        names = tensors.keys.sorted()
    }

    /// Finds a tensor; its numbers are not read yet.
    public func tensor(_ name: String) throws -> StoredTensor {
        guard let tensor = tensors[name] else {
            throw FormatError(.missingTensor, "no such tensor among \(names.count)", path: path, location: name)
        }
        return tensor
    }
}
