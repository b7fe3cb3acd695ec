import Synchronization

/// The format of PyTorch since 1.6: a zip archive with `NAME/data.pkl` and a storage per entry `NAME/data/KEY`. TorchScript archives are laid
/// out alike, and hold a tree of modules beside their code, which is not read.
enum TorchZipFormat {
    /// How many bytes compressed storages may have together in any archive.
    private static let inflatedFloor = 1 << 28
    /// How many times as long as the archive they may be in a large one: the numbers of a trained network hardly
    /// shrink, while what is made to fill the memory shrinks to a thousandth.
    private static let inflatedRatio = 16

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
        try check(try dictionary.storages().values, in: archive, at: "\(prefix)data/", archiveByteCount: file.count)
        let cache = StorageCache(archive: archive, prefix: "\(prefix)data/")
        return try dictionary.tensors { try $0.viewed(try cache.region($0.key), path: path) }
    }

    /// Holds all storages against what the archive says of them, before any is read.
    private static func check(
        _ storages: some Sequence<TorchStateDictionary.Storage>, in archive: ZipArchive, at prefix: String,
        archiveByteCount: Int
    ) throws {
        let entries = try storages.map { (storage: $0, entry: try archive.entry(named: prefix + $0.key)) }
        let limit = max(inflatedFloor, archiveByteCount * inflatedRatio)
        var left = limit
        for (_, entry) in entries where entry.isCompressed {
            // What an entry claims is the most it can give: inflating stops there.
            guard entry.uncompressedSize <= left else {
                throw FormatError(
                    .tooLarge, "the compressed storages claim more than \(limit) bytes", path: archive.path,
                    location: entry.name, remedy: "use weights saved as safetensors")
            }
            left -= entry.uncompressedSize
        }
        for (storage, entry) in entries
        where entry.uncompressedSize != storage.count * storage.elementType.byteCount {
            throw FormatError(
                .malformed,
                "\(entry.uncompressedSize) bytes for \(storage.count) elements of "
                    + storage.elementType.rawValue, path: archive.path, location: entry.name)
        }
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
        // All entries together were held against a limit when the archive was opened.
        let region = try archive.region(entry, limit: entry.uncompressedSize)
        regions.withLock { $0[key] = region }
        return region
    }
}
