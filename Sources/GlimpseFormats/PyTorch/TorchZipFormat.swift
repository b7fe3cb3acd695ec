import Synchronization

/// The format of PyTorch since 1.6: a zip archive with `NAME/data.pkl` and a storage per entry `NAME/data/KEY`. TorchScript archives are laid
/// out alike, and hold a tree of modules beside their code, which is not read.
enum TorchZipFormat {
    static func tensors(of file: MappedFile) throws -> [String: StoredTensor] {
        let path = file.path
        let archive = try ZipArchive(contents: ByteRegion(file), path: path)
        let pickles = archive.entries.filter { $0.name.hasSuffix("/data.pkl") && $0.name.count { $0 == "/" } == 1 }
        guard let entry = pickles.first, pickles.count == 1 else {
            throw FormatError(.unsupported, "the archive has \(pickles.count) data.pkl, not one", path: path)
        }
        let prefix = entry.name.dropLast("data.pkl".count)
        let isTorchScript = archive.contains(prefix + "constants.pkl")
        try checkByteOrder(archive, name: prefix + "byteorder")
        let pickle = try archive.region(entry, limit: Pickle.Limits().byteCount).withUnsafeBytes { bytes in
            var reader = ByteReader(bytes, path: "\(path)(\(entry.name))")
            return try PickleReader.read(
                &reader,
                allowed: isTorchScript ? TorchStateDictionary.allowedInTorchScript : TorchStateDictionary.allowed)
        }
        let dictionary = TorchStateDictionary(pickle: pickle, path: path)
        for storage in try dictionary.storages().values {
            let entry = try archive.entry(named: "\(prefix)data/\(storage.key)")
            guard entry.uncompressedSize == storage.count * storage.elementType.byteCount else {
                throw FormatError(
                    .malformed,
                    "\(entry.uncompressedSize) bytes for \(storage.count) elements of "
                        + storage.elementType.rawValue, path: path, location: entry.name)
            }
        }
        let cache = StorageCache(archive: archive, prefix: "\(prefix)data/")
        return try dictionary.tensors { try $0.viewed(try cache.region($0.key), path: path) }
    }

    private static func checkByteOrder(_ archive: ZipArchive, name: String) throws {
        guard archive.contains(name) else { return }
        let order = String(decoding: try archive.read(try archive.entry(named: name), limit: 16), as: UTF8.self)
        guard order == "little" else {
            throw FormatError(.unsupported, "byte order \(order), not little", path: archive.path, location: name)
        }
    }
}

/// Storages already verified (and inflated, where they are compressed), since several tensors may share one.
private final class StorageCache: Sendable {
    private let archive: ZipArchive
    private let prefix: String
    private let regions = Mutex<[String: ByteRegion]>([:])

    init(archive: ZipArchive, prefix: String) {
        self.archive = archive
        self.prefix = prefix
    }

    func region(_ key: String) throws -> ByteRegion {
        if let known = regions.withLock({ $0[key] }) { return known }
        let entry = try archive.entry(named: prefix + key)
        let region = try archive.region(entry, limit: entry.uncompressedSize)
        regions.withLock { $0[key] = region }
        return region
    }
}
