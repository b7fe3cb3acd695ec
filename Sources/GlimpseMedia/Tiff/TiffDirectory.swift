/// One directory of a TIFF file: what is said about one picture in it, by tags.
struct TiffDirectory {
    private struct Entry {
        let type: Int
        let count: Int
        /// The first byte of the value.
        let place: Int
    }

    /// The tags that are read, those of EXIF aside (see `ExifField`).
    enum Tag: Int {
        case jpegFromRaw = 0x002E
        case olympusPreviewOffset = 0x0101
        case olympusPreviewByteCount = 0x0102
        case compression = 0x0103
        case photometricInterpretation = 0x0106
        case make = 0x010F
        case stripOffsets = 0x0111
        case orientation = 0x0112
        case stripByteCounts = 0x0117
        case subdirectories = 0x014A
        case jpegOffset = 0x0201
        case jpegByteCount = 0x0202
        case olympusSettings = 0x2020
        case exifDirectory = 0x8769
        case gpsDirectory = 0x8825
        case makerNote = 0x927C
        case dngVersion = 0xC612
    }

    /// The file the directory belongs to.
    let file: TiffFile
    /// The offset of the next directory; 0 when there is none.
    let next: Int
    private let entries: [Int: Entry]

    /// The bytes of one value by its type's number; other types are not read.
    private static let sizes = [1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 13: 4]
    private static let (ascii, rational, undefined) = (2, 5, 7)
    private static let integerTypes: Set<Int> = [1, 3, 4, 13]

    /// Reads a table of entries of 12 bytes, and the offset behind them, if that is there.
    init(_ file: TiffFile, table: [UInt8], at place: Int) {
        self.file = file
        var entries: [Int: Entry] = [:]
        let count = table.count / 12
        for index in 0..<count {
            let entry = table[12 * index..<12 * index + 12]
            func number(_ range: Range<Int>) -> Int {
                file.order.integer(entry[entry.startIndex + range.lowerBound..<entry.startIndex + range.upperBound])
            }
            let type = number(2..<4)
            guard let size = Self.sizes[type] else { continue }
            // Values of up to four bytes stand in the entry itself, others where it says.
            let isInside = number(4..<8) * size <= 4
            entries[number(0..<2)] = Entry(
                type: type, count: number(4..<8),
                place: isInside ? place + 12 * index + 8 : file.place(number(8..<12)))
        }
        self.entries = entries
        next = table.count == 12 * count + 4 ? file.order.integer(table.suffix(4)) : 0
    }

    /// Whether there is an entry with this tag.
    func has(_ tag: Tag) -> Bool { entries[tag.rawValue] != nil }

    /// The bytes that an entry's value takes, whether or not the file has so many.
    func range(_ tag: Tag) -> Range<Int>? {
        guard let entry = entries[tag.rawValue], let size = Self.sizes[entry.type] else { return nil }
        return entry.place..<entry.place + entry.count * size
    }

    /// The first numbers of an entry, 32 at most; none when there is no such entry, or one of another kind.
    func integers(_ tag: Tag) throws -> [Int] {
        guard let entry = entries[tag.rawValue], Self.integerTypes.contains(entry.type) else { return [] }
        return try values(entry, atMost: 32).map(file.order.integer)
    }

    /// The first number of an entry.
    func integer(_ tag: Tag) throws -> Int? { try integers(tag).first }

    /// The directory an entry leads to, or is.
    func subdirectory(_ tag: Tag) throws -> TiffDirectory? {
        if let entry = entries[tag.rawValue], entry.type == Self.undefined {
            return try file.directory(at: file.offset(entry.place))
        }
        return try integer(tag).flatMap(file.directory)
    }

    /// An entry in the words of libvips: characters up to 256 bytes, or three fractions.
    func text(_ tag: Int) throws -> String? {
        guard let entry = entries[tag] else { return nil }
        switch entry.type {
        case Self.ascii:
            return String(decoding: try values(entry, atMost: 256).joined().prefix { $0 != 0 }, as: UTF8.self)
        case Self.rational:
            return try values(entry, atMost: 3).map {
                "\(file.order.integer($0.prefix(4)))/\(file.order.integer($0.suffix(4)))"
            }.joined(separator: " ")
        default:
            return nil
        }
    }

    private func values(_ entry: Entry, atMost limit: Int) throws -> [ArraySlice<UInt8>] {
        guard let size = Self.sizes[entry.type] else { return [] }
        let bytes = try file.bytes.read(at: entry.place, count: min(entry.count, limit) * size)
        return stride(from: 0, to: bytes.count / size * size, by: size).map { bytes[$0..<$0 + size] }
    }
}
