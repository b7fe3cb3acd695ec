public import GlimpseLibrary
public import GlimpseMedia

/// A picture among which duplicates are looked for: one content, under all its names.
public struct ExaminedPicture: Sendable, Hashable, Identifiable {
    /// A file with this content.
    public struct File: Sendable, Hashable {
        /// Where it is.
        public let path: String
        /// When it was last modified, in seconds since 1970.
        public let modifiedAt: Int64

        /// Describes a file.
        public init(path: String, modifiedAt: Int64) {
            self.path = path
            self.modifiedAt = modifiedAt
        }
    }

    /// What the library knows the content by.
    public let id: Int64
    /// The digest of the content; no two examined pictures have the same.
    public let contentHash: ContentHash
    /// The length of the content in bytes.
    public let byteCount: Int64
    /// The width in pixels, as it is seen.
    public let width: Int
    /// The height in pixels, as it is seen.
    public let height: Int
    /// When it was taken, in seconds since 1970 in whatever time zone the camera was; nil where the file does not say.
    public let capturedAt: Int64?
    /// The files with this content, never empty.
    public let files: [File]
    /// By which copies are recognised; nil where it was never computed, and then only look-alikes and bursts can be found.
    public let signature: PictureSignature?

    /// Describes a picture.
    ///
    /// - Precondition: `files` is not empty.
    public init(
        id: Int64, contentHash: ContentHash, byteCount: Int64, width: Int, height: Int, capturedAt: Int64?,
        files: [File], signature: PictureSignature?
    ) {
        precondition(!files.isEmpty, "ExaminedPicture: \(contentHash) without a file")
        self.id = id
        self.contentHash = contentHash
        self.byteCount = byteCount
        self.width = width
        self.height = height
        self.capturedAt = capturedAt
        self.files = files
        self.signature = signature
    }

    /// The first of its paths.
    public var path: String { files[0].path }

    /// The number of pixels.
    public var pixelCount: Int { width * height }

    /// Whether the width and the height are those of another picture.
    func hasSize(of other: ExaminedPicture) -> Bool { width == other.width && height == other.height }

    /// The order in which pictures lead groups: the most pixels first, then the most bytes; the digest decides between equals, so that
    /// the outcome does not depend on the order of the input.
    static func leads(_ a: ExaminedPicture, _ b: ExaminedPicture) -> Bool {
        if a.pixelCount != b.pixelCount { return a.pixelCount > b.pixelCount }
        if a.byteCount != b.byteCount { return a.byteCount > b.byteCount }
        return a.contentHash.bytes.lexicographicallyPrecedes(b.contentHash.bytes)
    }
}
