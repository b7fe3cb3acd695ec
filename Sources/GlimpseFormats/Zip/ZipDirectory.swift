/// Reads a zip archive's central directory (PKWARE APPNOTE 6.3, sections 4.3.12 to 4.3.16).
struct ZipDirectory {
    static let stored: UInt16 = 0
    static let deflated: UInt16 = 8

    private static let endCount = 22
    private static let locatorCount = 20

    let bytes: UnsafeRawBufferPointer
    let path: String

    func entries() throws -> [ZipArchive.Entry] {
        let (offset, size, count) = try directory()
        guard offset <= bytes.count, size <= bytes.count - offset else {
            throw FormatError(
                .truncated, "the directory (\(size) bytes at \(offset)) reaches beyond the end", path: path)
        }
        var reader = ByteReader(
            UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + size]), path: path, base: offset)
        // The list grows as entries are met: each takes 46 bytes of the file, whatever count is claimed.
        var entries: [ZipArchive.Entry] = []
        while entries.count < count { entries.append(try entry(&reader)) }
        guard reader.remaining == 0 else {
            throw FormatError(
                .malformed, "the directory holds more than its \(count) entries", path: path, location: reader.location)
        }
        return entries
    }

    /// Where the directory lies: from the end record, or its zip64 counterpart where a field is saturated.
    private func directory() throws -> (offset: Int, size: Int, count: Int) {
        guard let end = endRecord() else {
            throw FormatError(
                .malformed, "no end-of-directory record: not a zip archive, or cut off", path: path,
                remedy: "fetch the file again")
        }
        var reader = reader(at: end + 4)
        let disk = try reader.integer(UInt16.self)
        let directoryDisk = try reader.integer(UInt16.self)
        let diskCount = try reader.integer(UInt16.self)
        let count = try reader.integer(UInt16.self)
        let size = try reader.integer(UInt32.self)
        let offset = try reader.integer(UInt32.self)
        if end >= Self.locatorCount {
            var locator = self.reader(at: end - Self.locatorCount)
            if try locator.integer(UInt32.self) == 0x0706_4B50 {
                _ = try locator.take(4)
                return try directory64(at: try locator.size64())
            }
        }
        guard disk == 0, directoryDisk == 0, diskCount == count else { throw split() }
        guard size != UInt32.max, offset != UInt32.max else {
            throw FormatError(.malformed, "a zip64 archive without its zip64 records", path: path)
        }
        return (Int(offset), Int(size), Int(count))
    }

    private func directory64(at position: Int) throws -> (offset: Int, size: Int, count: Int) {
        guard position <= bytes.count else {
            throw FormatError(.truncated, "the zip64 end record lies beyond the end", path: path)
        }
        var reader = reader(at: position)
        guard try reader.integer(UInt32.self) == 0x0606_4B50 else {
            throw FormatError(
                .malformed, "no zip64 end record where one belongs", path: path, location: "byte \(position)")
        }
        _ = try reader.take(12)
        let disk = try reader.integer(UInt32.self)
        let directoryDisk = try reader.integer(UInt32.self)
        let diskCount = try reader.size64()
        let count = try reader.size64()
        let size = try reader.size64()
        let offset = try reader.size64()
        guard disk == 0, directoryDisk == 0, diskCount == count else { throw split() }
        return (offset, size, count)
    }

    /// The last record whose comment ends with the file.
    private func endRecord() -> Int? {
        guard bytes.count >= Self.endCount else { return nil }
        let last = bytes.count - Self.endCount
        for position in stride(from: last, through: max(0, last - Int(UInt16.max)), by: -1) {
            let signature = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt32.self))
            guard signature == 0x0605_4B50 else { continue }
            let comment = UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: position + 20, as: UInt16.self))
            if position + Self.endCount + Int(comment) == bytes.count { return position }
        }
        return nil
    }

    private func entry(_ reader: inout ByteReader) throws -> ZipArchive.Entry {
        let location = reader.location
        guard try reader.integer(UInt32.self) == 0x0201_4B50 else {
            throw FormatError(.malformed, "no directory entry where one belongs", path: path, location: location)
        }
        _ = try reader.take(4)
        let flags = try reader.integer(UInt16.self)
        let method = try reader.integer(UInt16.self)
        _ = try reader.take(4)
        let checksum = try reader.integer(UInt32.self)
        var compressed = Int(try reader.integer(UInt32.self))
        var uncompressed = Int(try reader.integer(UInt32.self))
        let nameCount = Int(try reader.integer(UInt16.self))
        let extraCount = Int(try reader.integer(UInt16.self))
        let commentCount = Int(try reader.integer(UInt16.self))
        _ = try reader.take(8)
        var offset = Int(try reader.integer(UInt32.self))
        let name = try reader.string(nameCount)
        guard flags & 1 == 0 else {
            throw FormatError(.unsupported, "the entry is encrypted", path: path, location: name)
        }
        let extraLocation = reader.base + reader.position
        var extra = ByteReader(try reader.take(extraCount), path: path, base: extraLocation)
        _ = try reader.take(commentCount)
        while extra.remaining >= 4 {
            let tag = try extra.integer(UInt16.self)
            let fieldLocation = extra.base + extra.position
            var field = ByteReader(
                try extra.take(Int(try extra.integer(UInt16.self))), path: path, base: fieldLocation)
            guard tag == 0x0001 else { continue }
            // The zip64 field holds, in this order, only those values that are saturated in the entry.
            if uncompressed == Int(UInt32.max) { uncompressed = try field.size64() }
            if compressed == Int(UInt32.max) { compressed = try field.size64() }
            if offset == Int(UInt32.max) { offset = try field.size64() }
        }
        return ZipArchive.Entry(
            name: name, uncompressedSize: uncompressed, compressedSize: compressed, checksum: checksum, method: method,
            headerOffset: offset)
    }

    private func reader(at position: Int) -> ByteReader {
        ByteReader(UnsafeRawBufferPointer(rebasing: bytes[position...]), path: path, base: position)
    }

    private func split() -> FormatError {
        FormatError(.unsupported, "the archive is split into several files", path: path)
    }
}
