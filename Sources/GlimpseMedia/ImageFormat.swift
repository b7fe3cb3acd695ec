/// The picture formats that are decoded. All are recognised by their first bytes, never by a file's extension.
///
/// JPEG XL is left out because libvips does not vouch for its decoder; SVG and PDF because they are programs more than
/// pictures.
public enum ImageFormat: String, Sendable, Hashable, CaseIterable, Codable {
    /// JPEG, baseline or progressive.
    case jpeg
    /// PNG.
    case png
    /// WebP, lossy or lossless.
    case webp
    /// GIF; the first frame.
    case gif
    /// TIFF and BigTIFF; the first page.
    case tiff
    /// HEIF pictures coded with HEVC, as telephones make them.
    case heif
    /// HEIF pictures coded with AV1.
    case avif
    /// PBM, PGM, PPM, PNM.
    case netpbm
    /// BMP of Windows and OS/2.
    case bmp
    /// JPEG 2000, with boxes around it (JP2) or without.
    case jpeg2000
    /// Raw photographs of cameras (CR2, CR3, NEF, NRW, ARW, DNG, ORF, RAF, RW2, PEF, SRW): the JPEG in them that the
    /// camera made.
    case raw

    /// The format's name in messages.
    public var name: String {
        switch self {
        case .jpeg: "JPEG"
        case .png: "PNG"
        case .webp: "WebP"
        case .gif: "GIF"
        case .tiff: "TIFF"
        case .heif: "HEIF"
        case .avif: "AVIF"
        case .netpbm: "PNM"
        case .bmp: "BMP"
        case .jpeg2000: "JPEG 2000"
        case .raw: "camera raw"
        }
    }

    /// The nickname of libvips' loader; nil for what `Bitmap` decodes.
    var loader: String? {
        switch self {
        case .jpeg, .raw: "jpegload_source"
        case .png: "pngload_source"
        case .webp: "webpload_source"
        case .gif: "gifload_source"
        case .tiff: "tiffload_source"
        case .heif, .avif: "heifload_source"
        case .netpbm: "ppmload_source"
        case .jpeg2000: "jp2kload_source"
        case .bmp: nil
        }
    }

    /// Whether the loader wants all bytes in memory. We read them ourselves then: libvips would map the file, and a
    /// mapped file that somebody shortens meanwhile ends the process.
    var needsWholeFile: Bool {
        switch self {
        case .webp, .gif, .heif, .avif, .netpbm: true
        case .jpeg, .png, .tiff, .bmp, .jpeg2000, .raw: false
        }
    }
}

/// What the first bytes of a file say that it is.
enum FileContent: Hashable {
    /// A picture that is decoded.
    case image(ImageFormat)
    /// Something known that is not decoded, with its article: "an SVG drawing".
    case unsupported(String)
    /// Text of some kind.
    case text
    /// Anything else.
    case unknown

    /// How many bytes recognition wants.
    static let prefixLength = 512

    private static let signatures: [(offset: Int, bytes: [UInt8], content: FileContent)] = [
        (0, [0xFF, 0xD8, 0xFF], .image(.jpeg)),
        (0, [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], .image(.png)),
        (8, Array("WEBP".utf8), .image(.webp)),
        (0, Array("GIF87a".utf8), .image(.gif)),
        (0, Array("GIF89a".utf8), .image(.gif)),
        (8, Array("CR".utf8) + [2], .image(.raw)),
        (0, Array("IIRO".utf8), .image(.raw)),
        (0, Array("IIRS".utf8), .image(.raw)),
        (0, Array("MMOR".utf8), .image(.raw)),
        (0, Array("IIU".utf8) + [0], .image(.raw)),
        (0, Array("FUJIFILMCCD-RAW".utf8), .image(.raw)),
        (0, Array("II*".utf8) + [0], .image(.tiff)),
        (0, Array("MM".utf8) + [0, 0x2A], .image(.tiff)),
        (0, Array("II+".utf8) + [0], .image(.tiff)),
        (0, Array("MM".utf8) + [0, 0x2B], .image(.tiff)),
        (0, Array("%PDF".utf8), .unsupported("a PDF document")),
        (0, Array("8BPS".utf8), .unsupported("a Photoshop document")),
        (0, [0, 0, 1, 0], .unsupported("an icon (ICO)")),
        (0, [0x76, 0x2F, 0x31, 0x01], .unsupported("an OpenEXR picture")),
        (0, [0xFF, 0x0A], .unsupported("a JPEG XL picture")),
        (4, Array("JXL ".utf8), .unsupported("a JPEG XL picture")),
        (4, Array("jP  ".utf8), .image(.jpeg2000)),
        (0, [0xFF, 0x4F, 0xFF, 0x51], .image(.jpeg2000)),
        (0, [0x1A, 0x45, 0xDF, 0xA3], .unsupported("a video (Matroska or WebM)")),
        (8, Array("AVI ".utf8), .unsupported("a video (AVI)")),
    ]

    /// Recognises a file by its first bytes; raw photographs that are TIFF files to the eye come out as such.
    init(prefix: [UInt8]) {
        func has(_ bytes: some Collection<UInt8>, at offset: Int) -> Bool {
            prefix.dropFirst(offset).starts(with: bytes)
        }
        if let known = Self.signatures.first(where: { has($0.bytes, at: $0.offset) }) {
            self = known.content
        } else if has("ftyp".utf8, at: 4) {
            self = Self.isoMedia(prefix)
        } else if let kind = prefix.first, kind == UInt8(ascii: "P"), prefix.count > 2,
            (UInt8(ascii: "1")...UInt8(ascii: "6")).contains(prefix[1]), Self.isSpace(prefix[2])
        {
            self = .image(.netpbm)
        } else if has("BM".utf8, at: 0), prefix.count >= 18,
            // Two letters may begin anything; the length of the second header has few values.
            BitmapHeader.sizes.contains(ByteOrder.littleEndian.integer(prefix[14..<18]))
        {
            self = .image(.bmp)
        } else if Self.isText(prefix) {
            let text = String(decoding: prefix, as: UTF8.self).lowercased()
            self = text.contains("<svg") ? .unsupported("an SVG drawing") : .text
        } else {
            self = .unknown
        }
    }

    /// Tells HEIF, AVIF and videos apart by the brands of the ftyp box: [size, "ftyp", major, version, compatible…].
    private static func isoMedia(_ prefix: [UInt8]) -> FileContent {
        let length = prefix.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        let box = prefix.prefix(max(length, 12))
        var brands: Set<String> = []
        for start in stride(from: 8, to: box.count - 3, by: 4) where start != 12 {
            brands.insert(String(decoding: box[start..<start + 4], as: UTF8.self))
        }
        if !brands.isDisjoint(with: ["avif", "avis"]) { return .image(.avif) }
        if !brands.isDisjoint(with: ["heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1"]) {
            return .image(.heif)
        }
        if brands.contains("crx ") { return .image(.raw) }
        return .unsupported("a video (MP4 or QuickTime)")
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    /// Whether there are no control characters but white space.
    private static func isText(_ bytes: [UInt8]) -> Bool {
        !bytes.isEmpty && bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7F || isSpace($0) }
    }
}
