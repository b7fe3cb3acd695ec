public import Foundation

/// A zip archive, read through its central directory: stored and deflated entries, zip64, checksums verified.
///
/// Names are names only: nothing here uses one as a path. Encrypted and split archives are refused.
public struct ZipArchive: Sendable {
    /// What the central directory says of an entry.
    public struct Entry: Hashable, Sendable {
        /// The name as it stands in the archive; never use it as a path unchecked.
        public let name: String
        /// The size of the content in bytes, as claimed.
        public let uncompressedSize: Int
        /// The size in the archive in bytes.
        public let compressedSize: Int
        /// The CRC-32 of the content.
        public let checksum: UInt32
        let method: UInt16
        let headerOffset: Int

        /// Whether the content has to be made of the bytes in the archive.
        var isCompressed: Bool { method != ZipDirectory.stored }
    }

    /// The path it was opened by.
    public let path: String
    /// All entries in the order of the central directory.
    public let entries: [Entry]
    private let contents: ByteRegion
    private let indexByName: [String: Int]

    /// Maps an archive and reads its directory.
    ///
    /// - Throws: `FormatError`.
    public init(path: String) throws {
        try self.init(contents: ByteRegion(try MappedFile(path: path)), path: path)
    }

    /// Reads the directory of an archive that is already in memory or mapped; `path` names it in errors.
    public init(contents: ByteRegion, path: String) throws {
        self.path = path
        self.contents = contents
        entries = try contents.withUnsafeBytes { try ZipDirectory(bytes: $0, path: path).entries() }
        var index: [String: Int] = [:]
        for (position, entry) in entries.enumerated() {
            guard index.updateValue(position, forKey: entry.name) == nil else {
                throw FormatError(.malformed, "the name appears twice in the archive", path: path, location: entry.name)
            }
        }
        indexByName = index
    }

    /// Finds an entry by its exact name.
    ///
    /// - Throws: `FormatError` with `.missingEntry`.
    public func entry(named name: String) throws -> Entry {
        guard let index = indexByName[name] else {
            throw FormatError(.missingEntry, "no such entry among \(entries.count)", path: path, location: name)
        }
        return entries[index]
    }

    /// Whether there is an entry of that exact name.
    public func contains(_ name: String) -> Bool { indexByName[name] != nil }

    /// Reads an entry's content.
    ///
    /// - Parameter limit: the largest content in bytes that is accepted.
    /// - Throws: `FormatError`: `.tooLarge`, `.checksumMismatch`, `.malformed`, `.truncated`, `.unsupported`.
    public func read(_ entry: Entry, limit: Int) throws -> Data {
        var data = Data()
        try stream(entry, limit: limit) { data.append(contentsOf: $0) }
        return data
    }

    /// Writes an entry's content to a file, which is there completely and verified, or not at all.
    ///
    /// - Parameters:
    ///   - entry: the entry.
    ///   - destination: the path of the file, chosen by the caller and not by the archive.
    ///   - limit: the largest content in bytes that is accepted.
    /// - Throws: `FormatError` as for reading, and `.inputOutput`.
    public func extract(_ entry: Entry, to destination: String, limit: Int) throws {
        let file = try AtomicFile(path: destination)
        try stream(entry, limit: limit) { try file.write($0) }
        try file.commit()
    }

    /// The entry's content as a region: in place where it is stored, inflated into memory where it is deflated.
    func region(_ entry: Entry, limit: Int) throws -> ByteRegion {
        guard entry.method == ZipDirectory.stored else {
            var content: [UInt8] = []
            try stream(entry, limit: limit) { content.append(contentsOf: $0) }
            return ByteRegion(content)
        }
        try stream(entry, limit: limit) { _ in }
        return try packed(entry)
    }

    /// Passes the content to `body` in pieces, then verifies its size and checksum.
    private func stream(_ entry: Entry, limit: Int, to body: (UnsafeRawBufferPointer) throws -> Void) throws {
        guard entry.uncompressedSize <= limit else {
            throw FormatError(
                .tooLarge, "the entry claims \(entry.uncompressedSize) bytes; at most \(limit) are accepted",
                path: path, location: entry.name)
        }
        var checksum = Checksum()
        let packed = try packed(entry)
        try packed.withUnsafeBytes { bytes in
            if entry.method == ZipDirectory.stored {
                checksum.add(bytes)
                try body(bytes)
            } else {
                try Inflate.stream(
                    bytes, size: entry.uncompressedSize, path: path, location: entry.name
                ) { piece in
                    checksum.add(piece)
                    try body(piece)
                }
            }
        }
        guard checksum.value == entry.checksum else {
            throw FormatError(
                .checksumMismatch,
                "CRC-32 is \(String(checksum.value, radix: 16)), \(String(entry.checksum, radix: 16)) is recorded",
                path: path, location: entry.name, remedy: "the file is damaged: fetch it again")
        }
    }

    /// The entry's bytes in the archive, found through its local header.
    private func packed(_ entry: Entry) throws -> ByteRegion {
        guard entry.method == ZipDirectory.stored || entry.method == ZipDirectory.deflated else {
            throw FormatError(
                .unsupported, "compression method \(entry.method); stored and deflate are read", path: path,
                location: entry.name)
        }
        guard entry.method == ZipDirectory.deflated || entry.compressedSize == entry.uncompressedSize else {
            throw FormatError(.malformed, "a stored entry of two different sizes", path: path, location: entry.name)
        }
        let dataOffset = try contents.withUnsafeBytes { bytes in
            guard entry.headerOffset <= bytes.count else { throw beyondEnd(entry) }
            var reader = ByteReader(
                UnsafeRawBufferPointer(rebasing: bytes[entry.headerOffset...]), path: path, base: entry.headerOffset)
            guard try reader.integer(UInt32.self) == 0x0403_4B50 else {
                throw FormatError(.malformed, "no local header where one belongs", path: path, location: entry.name)
            }
            _ = try reader.take(22)
            let nameCount = Int(try reader.integer(UInt16.self))
            let extraCount = Int(try reader.integer(UInt16.self))
            return entry.headerOffset + 30 + nameCount + extraCount
        }
        guard let region = contents.part(offset: dataOffset, count: entry.compressedSize) else {
            throw beyondEnd(entry)
        }
        return region
    }

    private func beyondEnd(_ entry: Entry) -> FormatError {
        FormatError(.truncated, "the entry reaches beyond the end of the file", path: path, location: entry.name)
    }
}
