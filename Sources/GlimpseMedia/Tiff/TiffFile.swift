/// The directories of a TIFF file, or of one of the many formats that are built like it: raw photographs, EXIF.
///
/// The file is not trusted: offsets may lead anywhere, also in circles.
struct TiffFile {
    /// What the file consists of.
    let bytes: ByteSource
    /// Which byte of a number comes first.
    let order: ByteOrder
    /// Where the offsets in the file count from.
    private let start: Int
    private let firstDirectory: Int

    /// The most directories that are looked at.
    private static let mostDirectories = 32

    /// The numbers that follow the byte order: TIFF, the two of Olympus, Panasonic.
    private static let versions: Set<Int> = [0x2A, 0x4F52, 0x5352, 0x55]

    /// Reads the header at `start`; nil when there is none of a file with 32-bit offsets.
    init?(_ bytes: ByteSource, at start: Int = 0) throws {
        let header = try bytes.read(at: start, count: 8)
        guard header.count == 8, let order = Self.order(header),
            Self.versions.contains(order.integer(header[2..<4]))
        else { return nil }
        self.init(bytes, order: order, start: start, firstDirectory: order.integer(header[4..<8]))
    }

    /// Directories without such a header, as in the notes of cameras' makers.
    init(_ bytes: ByteSource, order: ByteOrder, start: Int, firstDirectory: Int) {
        self.bytes = bytes
        self.order = order
        self.start = start
        self.firstDirectory = firstDirectory
    }

    /// The byte order that "II" or "MM" names.
    static func order(_ mark: some Sequence<UInt8>) -> ByteOrder? {
        mark.starts(with: "II".utf8) ? .littleEndian : mark.starts(with: "MM".utf8) ? .bigEndian : nil
    }

    /// The first directory; nil when the file does not have all of it.
    func mainDirectory() throws -> TiffDirectory? { try directory(at: firstDirectory) }

    /// The directory at an offset of this file; nil when the file does not have all of it.
    func directory(at offset: Int) throws -> TiffDirectory? {
        let place = start + offset
        let head = try bytes.read(at: place, count: 2)
        guard offset > 0, head.count == 2 else { return nil }
        let count = order.integer(head)
        let table = try bytes.read(at: place + 2, count: 12 * count + 4)
        guard count > 0, table.count >= 12 * count else { return nil }
        return TiffDirectory(self, table: table, at: place + 2)
    }

    /// Where what is at an offset of this file lies in the bytes.
    func place(_ offset: Int) -> Int { start + offset }

    /// The offset by which this file would name a place in the bytes.
    func offset(_ place: Int) -> Int { place - start }

    /// The directories one after another, each followed by those below it, none twice.
    func directories() throws -> [TiffDirectory] {
        var found: [TiffDirectory] = []
        var visited: Set<Int> = []
        var waiting = [firstDirectory]
        while let offset = waiting.popLast(), found.count < Self.mostDirectories {
            guard visited.insert(offset).inserted, let directory = try directory(at: offset) else { continue }
            found.append(directory)
            waiting.append(directory.next)
            waiting += try directory.integers(.subdirectories).reversed()
        }
        return found
    }
}
