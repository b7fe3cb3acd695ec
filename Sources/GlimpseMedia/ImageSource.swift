internal import CVips
import Foundation

/// An encoded picture, opened, recognised and within the limits of size: a file, or bytes in memory.
///
/// Lives only inside the closure it is given to, on one thread.
struct ImageSource {
    /// The path, or the name given with the bytes.
    let name: String
    /// What it is by its first bytes.
    let format: ImageFormat
    /// The number of encoded bytes.
    let byteCount: Int
    /// What libvips reads from.
    let vips: UnsafeMutablePointer<VipsSource>
    /// Up to so many of the encoded bytes at an offset.
    let bytes: (_ offset: Int, _ count: Int) throws -> [UInt8]

    /// Opens the file at `path` for `body`.
    static func withFile<Result>(
        _ path: String, limits: ImageDecoder.Limits, _ body: (ImageSource) throws -> Result
    ) throws -> Result {
        let file = try RegularFile(path: path)
        try check(byteCount: file.byteCount, name: path, limits: limits)
        let format = try recognise(file.read(at: 0, count: FileContent.prefixLength), name: path)
        if format.needsWholeFile {
            let bytes = try file.read(at: 0, count: file.byteCount)
            return try bytes.withUnsafeBytes { try withBytes($0, name: path, limits: limits, body) }
        }
        // libvips reads from a duplicate of the descriptor and closes that.
        return try withVips(cvips_source_from_descriptor(file.descriptor)) { vips in
            try body(
                ImageSource(name: path, format: format, byteCount: file.byteCount, vips: vips) { offset, count in
                    try file.read(at: offset, count: count)
                })
        }
    }

    /// Opens encoded bytes for `body`.
    static func withBytes<Result>(
        _ bytes: UnsafeRawBufferPointer, name: String, limits: ImageDecoder.Limits,
        _ body: (ImageSource) throws -> Result
    ) throws -> Result {
        try check(byteCount: bytes.count, name: name, limits: limits)
        let format = try recognise(Array(bytes.prefix(FileContent.prefixLength)), name: name)
        return try withVips(cvips_source_from_memory(bytes.baseAddress, bytes.count)) { vips in
            try body(
                ImageSource(name: name, format: format, byteCount: bytes.count, vips: vips) { offset, count in
                    Array(bytes.dropFirst(offset).prefix(count))
                })
        }
    }

    /// The path's or bytes' picture, not yet decoded: its header is read. `shrink` is for JPEG: 1, 2, 4 or 8.
    func open(shrink: Int = 1) throws -> VipsPicture {
        let picture = VipsPicture.make { result in
            shrink == 1
                ? cvips_load(format.loader, vips, result) : cvips_jpegload_shrunk(vips, result, Int32(shrink))
        }
        if let picture { return picture }
        guard cvips_has_operation(format.loader) != 0 else {
            throw MediaError(
                .unsupportedFormat, path: name, message: "the installed libvips cannot read \(format.name)",
                remedy: "Install a libvips with \(format.name) support, or convert the picture to PNG.")
        }
        throw damage(size: nil)
    }

    /// The error for a picture whose header or pixels cannot be decoded: cut off where the format's end mark is missing.
    func damage(size: (width: Int, height: Int)?) -> MediaError {
        let picture = "the \(format.name) picture" + (size.map { " of \($0.width) × \($0.height) pixels" } ?? "")
        do {
            if try !hasEnd() {
                return MediaError(
                    .truncated, path: name,
                    message: "\(picture) is cut off: the file ends after \(byteCount) bytes, before the picture does",
                    remedy: "Copy or download it again.")
            }
        } catch let error as MediaError {
            return error
        } catch {
            return MediaError(.unreadable, path: name, message: "reading failed: \(error)")
        }
        return MediaError(
            .damaged, path: name,
            message: "\(picture) cannot be decoded: it is damaged, or of a variant that this libvips does not read",
            remedy: "Copy it again, or save it as PNG from a program that opens it.")
    }

    /// Whether the file ends as complete files of its format do; true for formats without an end mark.
    private func hasEnd() throws -> Bool {
        switch format {
        case .jpeg:
            // Cameras append data of their own, so the mark need not be the last thing.
            let length = min(byteCount, 1 << 16)
            let tail = try bytes(byteCount - length, length)
            return zip(tail, tail.dropFirst()).contains { $0 == 0xFF && $1 == 0xD9 }
        case .png:
            let tail = try bytes(max(byteCount - 4096, 0), 4096)
            return tail.indices.contains { tail[$0...].starts(with: "IEND".utf8) }
        case .gif:
            return try bytes(byteCount - 1, 1) == [0x3B]
        case .webp:
            // RIFF: the length of what follows the first eight bytes, little-endian.
            let length = try bytes(4, 4).reversed().reduce(0) { $0 << 8 | Int($1) }
            return byteCount >= length + 8
        case .netpbm:
            return false
        case .tiff, .heif, .avif:
            return true
        }
    }

    private static func withVips<Result>(
        _ source: UnsafeMutablePointer<VipsSource>?, _ body: (UnsafeMutablePointer<VipsSource>) throws -> Result
    ) throws -> Result {
        guard let source else {
            cvips_error_clear()
            throw MediaError(.unreadable, path: "", message: "libvips could not open another file or buffer")
        }
        defer { cvips_unref(source) }
        return try body(source)
    }

    private static func check(byteCount: Int, name: String, limits: ImageDecoder.Limits) throws {
        guard byteCount > 0 else { throw MediaError(.empty, path: name, message: "the file is empty") }
        guard byteCount <= limits.maximumByteCount else {
            throw MediaError(
                .tooLarge, path: name,
                message: "the file has \(byteCount) bytes, the limit is \(limits.maximumByteCount)")
        }
    }

    private static func recognise(_ prefix: [UInt8], name: String) throws -> ImageFormat {
        let readable = ImageFormat.allCases.map(\.name).joined(separator: ", ")
        switch FileContent(prefix: prefix) {
        case .image(let format):
            return format
        case .unsupported(let found):
            throw MediaError(
                .unsupportedFormat, path: name, message: "this is \(found), which Glimpse does not read",
                remedy: "Convert it to one of \(readable).")
        case .text:
            throw MediaError(.notAnImage, path: name, message: "this is not a picture Glimpse can read (found text)")
        case .unknown:
            throw MediaError(
                .notAnImage, path: name, message: "this is not a picture Glimpse can read (found unknown data)",
                remedy: "Glimpse reads \(readable).")
        }
    }
}
