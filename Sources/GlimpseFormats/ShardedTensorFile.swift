/// A checkpoint in several files, with an index that says which tensor is in which.
///
/// The format: `{"metadata": …, "weight_map": {"tensor": "file", …}}`, the files beside the index
/// (`model.safetensors.index.json`, `pytorch_model.bin.index.json` of Hugging Face's transformers).
public struct ShardedTensorFile: TensorFile {
    /// The path of the index.
    public let path: String
    /// The names of all tensors, sorted.
    public let names: [String]
    /// The files that hold the tensors, sorted.
    public let paths: [String]

    private let shards: [String: any TensorFile]
    private let shardOfTensor: [String: String]

    /// The largest index that is read, in bytes.
    private static let indexLimit = 64 << 20
    /// The most files of one checkpoint.
    private static let shardLimit = 1000

    /// Reads the index and opens every file it names, which must hold the tensors that the index says.
    ///
    /// - Throws: `FormatError`, also where a file's name leads out of the folder of the index.
    public init(indexPath path: String) throws {
        let index = try MappedFile(path: path)
        guard index.count <= Self.indexLimit else {
            throw FormatError(.tooLarge, "an index of \(index.count) bytes", path: path)
        }
        guard let map = try index.withUnsafeBytes({ try JSON.parse($0, path: path) })["weight_map"]?.members else {
            throw FormatError(.malformed, "no \"weight_map\"", path: path)
        }
        var shardOfTensor: [String: String] = [:]
        for member in map {
            guard let file = member.value.string, Self.isPlainName(file) else {
                throw FormatError(
                    .malformed, "the file of a tensor is not the name of a file beside the index", path: path,
                    location: member.key)
            }
            guard shardOfTensor.updateValue(file, forKey: member.key) == nil else {
                throw FormatError(.malformed, "the tensor is listed twice", path: path, location: member.key)
            }
        }
        let files = Set(shardOfTensor.values).sorted()
        guard files.count <= Self.shardLimit else {
            throw FormatError(.tooLarge, "\(files.count) files; at most \(Self.shardLimit) are read", path: path)
        }
        let folder = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[...$0]) } ?? ""
        var shards: [String: any TensorFile] = [:]
        for file in files { shards[file] = try TensorFiles.open(path: folder + file) }
        for (tensor, file) in shardOfTensor {
            guard shards[file].map({ $0.contains(tensor) }) == true else {
                throw FormatError(
                    .missingTensor, "the index says that \(file) holds it, which it does not", path: path,
                    location: tensor)
            }
        }
        self.path = path
        self.shards = shards
        self.shardOfTensor = shardOfTensor
        names = shardOfTensor.keys.sorted()
        paths = files.map { folder + $0 }
    }

    /// Finds a tensor; its numbers are not read yet.
    public func tensor(_ name: String) throws -> StoredTensor {
        guard let shard = shardOfTensor[name].flatMap({ shards[$0] }) else {
            throw FormatError(.missingTensor, "no such tensor among \(names.count)", path: path, location: name)
        }
        return try shard.tensor(name)
    }

    private static func isPlainName(_ name: String) -> Bool {
        !name.isEmpty && name != "." && name != ".." && !name.utf8.contains { $0 == 0 || $0 == UInt8(ascii: "/") }
    }
}

extension TensorFile {
    /// Whether there is a tensor of this name.
    ///
    /// - Complexity: O(log names).
    fileprivate func contains(_ name: String) -> Bool {
        var (low, high) = (0, names.count)
        while low < high {
            let middle = (low + high) / 2
            if names[middle] < name { low = middle + 1 } else { high = middle }
        }
        return low < names.count && names[low] == name
    }
}
