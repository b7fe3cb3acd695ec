public import Foundation

/// Decodes picture files to upright sRGB `Pixels`, from files that are not trusted.
///
/// - EXIF rotation is applied.
/// - An embedded ICC profile is converted to sRGB, unless it is one of sRGB or unusable; untagged pictures are taken as sRGB.
/// - Transparency is laid on white. Of 16 bits the upper 8 are kept. CMYK without a profile is converted by Pillow's formula.
/// - Of animations and documents the first frame or page is decoded, of raw photographs the JPEG that the camera made.
/// - A file that is cut off or damaged is an error, never half a picture.
///
/// A value without state: one decoder can be used by many tasks at once. Each call works on the calling thread.
public struct ImageDecoder: Sendable, Hashable {
    /// What a file may cost at most.
    public struct Limits: Sendable, Hashable {
        /// The most encoded bytes.
        public var maximumByteCount: Int
        /// The most pixels, by the header; three bytes each when decoded.
        public var maximumPixelCount: Int

        /// Sets the limits; 512 MB and 256 megapixels unless told otherwise.
        public init(maximumByteCount: Int = 512_000_000, maximumPixelCount: Int = 256_000_000) {
            self.maximumByteCount = maximumByteCount
            self.maximumPixelCount = maximumPixelCount
        }
    }

    /// How much of a picture is decoded.
    public enum Mode: Sendable, Hashable {
        /// Every pixel.
        case exact
        /// JPEGs, also those in raw photographs, at 1/2, 1/4 or 1/8 of their size, the smallest whose shorter side has at least
        /// twice `minimumSide` pixels.
        ///
        /// Less than half the time for photographs of 12 megapixels; after resizing to `minimumSide`, values differ from the exact
        /// ones by less than half a level on average, more where there is much noise. Other formats are decoded exactly.
        case fast(minimumSide: Int)
    }

    /// What a file may cost at most.
    public var limits: Limits
    /// How much of a picture is decoded.
    public var mode: Mode

    /// Makes a decoder.
    public init(limits: Limits = Limits(), mode: Mode = .exact) {
        self.limits = limits
        self.mode = mode
    }

    /// Starts the library that decodes, which else happens with the first picture.
    ///
    /// - Throws: `MediaError` with code `libraryUnavailable`.
    public static func prepare() throws { try Vips.start() }

    /// Decodes the file at `path`.
    ///
    /// - Throws: `MediaError`.
    public func decode(path: String) throws -> Pixels {
        try Vips.start()
        return try ImageSource.withFile(path, limits: limits, decode)
    }

    /// Decodes encoded bytes, such as an upload.
    ///
    /// - Parameters:
    ///   - bytes: The whole content of a picture file.
    ///   - name: What to call it in errors.
    /// - Throws: `MediaError`.
    public func decode(_ bytes: some ContiguousBytes, name: String) throws -> Pixels {
        try Vips.start()
        return try bytes.withUnsafeBytes { try ImageSource.withBytes($0, name: name, limits: limits, decode) }
    }

    /// Reads what the file at `path` says about its picture, within the limits of `decode`.
    ///
    /// - Throws: `MediaError`.
    public func header(path: String) throws -> ImageHeader {
        try Vips.start()
        return try ImageSource.withFile(path, limits: limits, header)
    }

    /// Reads what encoded bytes say about their picture, within the limits of `decode`.
    ///
    /// - Throws: `MediaError`.
    public func header(_ bytes: some ContiguousBytes, name: String) throws -> ImageHeader {
        try Vips.start()
        return try bytes.withUnsafeBytes { try ImageSource.withBytes($0, name: name, limits: limits, header) }
    }

    private func header(_ source: ImageSource) throws -> ImageHeader {
        if source.format == .bmp {
            let header = try open(bitmap: source).header
            return ImageHeader(
                width: header.width, height: header.height, format: .bmp, orientation: .up, metadata: PictureMetadata())
        }
        let picture = try open(source)
        let orientation = try source.orientation(of: picture)
        let (width, height) = (picture.width, picture.height)
        return ImageHeader(
            width: orientation.swapsSides ? height : width, height: orientation.swapsSides ? width : height,
            format: source.format, orientation: orientation, metadata: try source.metadata(of: picture))
    }

    /// Reads the header and refuses what is too large; no pixel is decoded.
    private func open(_ source: ImageSource) throws -> VipsPicture {
        let picture = try source.open()
        guard picture.width > 0, picture.height > 0 else { throw source.damage(size: nil) }
        try check(width: picture.width, height: picture.height, name: source.name)
        return picture
    }

    /// The same for BMP pictures.
    private func open(bitmap source: ImageSource) throws -> Bitmap {
        let bitmap = try source.decodingBitmap { try Bitmap(source.bytes) }
        try check(width: bitmap.header.width, height: bitmap.header.height, name: source.name)
        return bitmap
    }

    private func check(width: Int, height: Int, name: String) throws {
        let pixelCount = width * height
        guard pixelCount <= limits.maximumPixelCount else {
            throw MediaError(
                .tooLarge, path: name,
                message: "\(width) × \(height) are \(pixelCount) pixels, the limit is \(limits.maximumPixelCount)",
                remedy: "Make it smaller, or raise the limit if you trust the file.")
        }
    }

    private func decode(_ source: ImageSource) throws -> Pixels {
        if source.format == .bmp {
            let bitmap = try open(bitmap: source)
            return try source.decodingBitmap(size: (bitmap.header.width, bitmap.header.height), bitmap.pixels)
        }
        let full = try open(source)
        let shrink = source.format == .jpeg || source.format == .raw ? self.shrink(for: full) : 1
        let loaded = shrink == 1 ? full : try source.open(shrink: shrink)
        let size = (loaded.width, loaded.height)
        var pipeline = try PixelPipeline(loaded, source: source)
        var scale: Float = 1
        if pipeline.isNumeric {
            // Pixels stream past once, so the maximum takes a pass of its own.
            guard let found = pipeline.levelScale() else { throw source.damage(size: size) }
            scale = found
            pipeline = try PixelPipeline(source.open(), source: source)
        }
        let stored = try Pixels(width: loaded.width, height: loaded.height) { bytes in
            guard pipeline.write(to: bytes.bindMemory(to: UInt8.self), scale: scale) else {
                throw source.damage(size: size)
            }
        }
        return try stored.upright(from: source.orientation(of: loaded))
    }

    private func shrink(for picture: VipsPicture) -> Int {
        guard case .fast(let minimumSide) = mode else { return 1 }
        let side = min(picture.width, picture.height)
        return [8, 4, 2].first { side / $0 >= 2 * minimumSide } ?? 1
    }
}
