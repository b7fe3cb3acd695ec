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
    /// The encoded bytes: of a raw photograph, those of its preview.
    let bytes: ByteSource
    /// What libvips reads from.
    let vips: UnsafeMutablePointer<VipsSource>
    /// What the camera says of the picture outside of what libvips reads.
    let exif: ExifDirectories

    /// Opens the file at `path` for `body`.
    static func withFile<Result>(
        _ path: String, limits: ImageDecoder.Limits, _ body: (ImageSource) throws -> Result
    ) throws -> Result {
        let file = try RegularFile(path: path)
        try check(byteCount: file.byteCount, name: path, limits: limits)
        let bytes = ByteSource(file)
        let format = try recognise(bytes, name: path)
        if format == .raw { return try withPreview(of: bytes, name: path, body) }
        if format.needsWholeFile {
            let bytes = try file.read(at: 0, count: file.byteCount)
            return try bytes.withUnsafeBytes { try withBytes($0, name: path, limits: limits, body) }
        }
        // libvips reads from a duplicate of the descriptor and closes that.
        return try withVips(cvips_source_from_descriptor(file.descriptor)) { vips in
            try body(ImageSource(path, format, bytes, vips))
        }
    }

    /// Opens encoded bytes for `body`.
    static func withBytes<Result>(
        _ bytes: UnsafeRawBufferPointer, name: String, limits: ImageDecoder.Limits,
        _ body: (ImageSource) throws -> Result
    ) throws -> Result {
        try check(byteCount: bytes.count, name: name, limits: limits)
        let content = ByteSource(bytes)
        let format = try recognise(content, name: name)
        if format == .raw { return try withPreview(of: content, name: name, body) }
        return try withVips(cvips_source_from_memory(bytes.baseAddress, bytes.count)) { vips in
            try body(ImageSource(name, format, content, vips))
        }
    }

    /// Opens the preview in a raw photograph for `body`.
    private static func withPreview<Result>(
        of bytes: ByteSource, name: String, _ body: (ImageSource) throws -> Result
    ) throws -> Result {
        let photograph = try RawPhotograph(bytes, name: name)
        let preview = try bytes.read(at: photograph.preview.lowerBound, count: photograph.preview.count)
        return try preview.withUnsafeBytes { preview in
            try withVips(cvips_source_from_memory(preview.baseAddress, preview.count)) { vips in
                try body(ImageSource(name, .raw, ByteSource(preview), vips, exif: photograph.exif))
            }
        }
    }

    private init(
        _ name: String, _ format: ImageFormat, _ bytes: ByteSource, _ vips: UnsafeMutablePointer<VipsSource>,
        exif: ExifDirectories = ExifDirectories()
    ) {
        self.name = name
        self.format = format
        self.bytes = bytes
        self.vips = vips
        self.exif = exif
    }

    /// The path's or bytes' picture, not yet decoded: its header is read. `shrink` is for JPEG: 1, 2, 4 or 8.
    func open(shrink: Int = 1) throws -> VipsPicture {
        guard let loader = format.loader else { preconditionFailure("ImageSource: libvips does not read \(format)") }
        let picture = VipsPicture.make { result in
            shrink == 1 ? cvips_load(loader, vips, result) : cvips_jpegload_shrunk(vips, result, Int32(shrink))
        }
        if let picture { return picture }
        guard cvips_has_operation(loader) != 0 else {
            throw MediaError(
                .unsupportedFormat, path: name, message: "the installed libvips cannot read \(format.name)",
                remedy: "Install a libvips with \(format.name) support, or convert the picture to PNG.")
        }
        throw damage(size: nil)
    }

    /// How the opened picture is stored. What its own EXIF says counts, else what the file around it says.
    func orientation(of picture: VipsPicture) throws -> Orientation {
        try picture.toldOrientation ?? exif.orientation() ?? picture.orientation
    }

    /// When, with what and where the opened picture was taken, by its own EXIF, else by that of the file around it.
    func metadata(of picture: VipsPicture) throws -> PictureMetadata {
        // In TIFF files EXIF is a directory like others, which libvips leaves alone.
        let around = format == .tiff ? try TiffFile(bytes).map(ExifDirectories.init) : exif
        let fields = try around?.fields() ?? [:]
        return PictureMetadata(exif: picture.exif.merging(fields) { own, _ in own })
    }

    /// Runs `body`, which decodes a BMP picture, and words its failures.
    func decodingBitmap<Result>(
        size: (width: Int, height: Int)? = nil, _ body: () throws -> Result
    ) throws -> Result {
        do {
            return try body()
        } catch let failure as BitmapFailure {
            switch failure {
            case .truncated: throw truncation(size: size)
            case .damaged: throw damage(size: size)
            case .unsupported(let found): throw Self.unsupported(found, name: name)
            }
        }
    }

    /// The error for a picture that is cut off.
    private func truncation(size: (width: Int, height: Int)?) -> MediaError {
        MediaError(
            .truncated, path: name,
            message: "\(picture(size)) is cut off: the file ends after \(bytes.count) bytes, before the picture does",
            remedy: "Copy or download it again.")
    }

    private func picture(_ size: (width: Int, height: Int)?) -> String {
        "the \(format.name) picture" + (size.map { " of \($0.width) × \($0.height) pixels" } ?? "")
    }

    /// The error for a picture whose header or pixels cannot be decoded: cut off where the format's end mark is missing.
    func damage(size: (width: Int, height: Int)?) -> MediaError {
        do {
            if try !hasEnd() { return truncation(size: size) }
        } catch let error as MediaError {
            return error
        } catch {
            return MediaError(.unreadable, path: name, message: "reading failed: \(error)")
        }
        return MediaError(
            .damaged, path: name,
            message:
                "\(picture(size)) cannot be decoded: it is damaged, or of a variant that this libvips does not read",
            remedy: "Copy it again, or save it as PNG from a program that opens it.")
    }

    /// Whether the file ends as complete files of its format do; true for formats without an end mark.
    private func hasEnd() throws -> Bool {
        switch format {
        case .jpeg, .jpeg2000:
            // Cameras append data of their own, so the mark need not be the last thing.
            let length = min(bytes.count, 1 << 16)
            let tail = try bytes.read(at: bytes.count - length, count: length)
            return zip(tail, tail.dropFirst()).contains { $0 == 0xFF && $1 == 0xD9 }
        case .png:
            let tail = try bytes.read(at: max(bytes.count - 4096, 0), count: 4096)
            return tail.indices.contains { tail[$0...].starts(with: "IEND".utf8) }
        case .gif:
            return try bytes.read(at: bytes.count - 1, count: 1) == [0x3B]
        case .webp:
            // RIFF: the length of what follows the first eight bytes.
            return try bytes.count >= ByteOrder.littleEndian.integer(bytes.read(at: 4, count: 4)) + 8
        case .netpbm:
            return false
        case .tiff, .heif, .avif, .bmp, .raw:
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

    private static var readable: String { ImageFormat.allCases.map(\.name).joined(separator: ", ") }

    private static func unsupported(_ found: String, name: String) -> MediaError {
        MediaError(
            .unsupportedFormat, path: name, message: "this is \(found), which Glimpse does not read",
            remedy: "Convert it to one of \(readable).")
    }

    private static func recognise(_ bytes: ByteSource, name: String) throws -> ImageFormat {
        switch FileContent(prefix: try bytes.read(at: 0, count: FileContent.prefixLength)) {
        case .image(.tiff):
            return try TiffFile(bytes)?.holdsRawPhotograph() == true ? .raw : .tiff
        case .image(let format):
            return format
        case .unsupported(let found):
            throw unsupported(found, name: name)
        case .text:
            throw MediaError(.notAnImage, path: name, message: "this is not a picture Glimpse can read (found text)")
        case .unknown:
            throw MediaError(
                .notAnImage, path: name, message: "this is not a picture Glimpse can read (found unknown data)",
                remedy: "Glimpse reads \(readable).")
        }
    }
}
