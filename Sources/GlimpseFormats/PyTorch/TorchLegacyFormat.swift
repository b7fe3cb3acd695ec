/// The format of PyTorch before 1.6: five pickles (magic number, protocol version, system, object, keys of storages), then
/// for each key its number of elements in 8 bytes and the elements.
enum TorchLegacyFormat {
    /// 0x1950a86a20f9469cfc6c, little-endian.
    private static let magic: [UInt8] = [0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19]
    private static let protocolVersion = 1001

    static func tensors(of file: MappedFile) throws -> [String: StoredTensor] {
        let path = file.path
        let (dictionary, regions) = try file.withUnsafeBytes { bytes in
            var reader = ByteReader(bytes, path: path)
            try checkMagic(&reader)
            let version = try PickleReader.read(&reader, allowed: Pickle.Allowed()).root
            guard version == .integer(protocolVersion) else {
                throw FormatError(.unsupported, "checkpoint protocol \(version), not \(protocolVersion)", path: path)
            }
            let system = try PickleReader.read(&reader, allowed: Pickle.Allowed())
            guard system.value("little_endian", in: system.root) == .boolean(true) else {
                throw FormatError(.unsupported, "the checkpoint is not marked as little-endian", path: path)
            }
            let object = try PickleReader.read(&reader, allowed: TorchStateDictionary.allowed)
            let dictionary = TorchStateDictionary(pickle: object, path: path)
            let storages = try dictionary.storages()
            let keys = try PickleReader.read(&reader, allowed: Pickle.Allowed())
            return (dictionary, try locate(keys, storages: storages, reader: &reader, file: file))
        }
        return try dictionary.tensors { storage in
            guard let region = regions[storage.key] else {
                throw FormatError(.malformed, "a storage that is not in the file", path: path, location: storage.key)
            }
            return try storage.viewed(region, path: path)
        }
    }

    private static func checkMagic(_ reader: inout ByteReader) throws {
        guard reader.bytes.first == PickleOpcode.protocol.rawValue,
            try PickleReader.read(&reader, allowed: Pickle.Allowed()).root == .largeInteger(magic)
        else {
            throw FormatError(
                .unsupported, "neither a zip archive nor a legacy checkpoint of PyTorch", path: reader.path,
                location: "byte 0")
        }
    }

    private static func locate(
        _ keys: Pickle, storages: [String: TorchStateDictionary.Storage], reader: inout ByteReader, file: MappedFile
    ) throws -> [String: ByteRegion] {
        guard let items = keys.items(keys.root) else {
            throw FormatError(.malformed, "the keys of the storages are not a list", path: file.path)
        }
        var regions: [String: ByteRegion] = [:]
        for item in items {
            guard let key = item.string, let storage = storages[key] else {
                throw FormatError(.malformed, "a storage that no tensor describes", path: file.path)
            }
            let count = try reader.size64()
            guard count == storage.count else {
                throw FormatError(
                    .malformed, "the storage has \(count) elements, \(storage.count) expected", path: file.path,
                    location: key)
            }
            let start = reader.position
            _ = try reader.take(count * storage.elementType.byteCount)
            guard
                let region = ByteRegion(file).part(offset: start, count: reader.position - start),
                regions.updateValue(region, forKey: key) == nil
            else { throw FormatError(.malformed, "the storage is listed twice", path: file.path, location: key) }
        }
        if let absent = storages.keys.first(where: { regions[$0] == nil }) {
            throw FormatError(.malformed, "the storage is not in the file", path: file.path, location: absent)
        }
        return regions
    }
}
