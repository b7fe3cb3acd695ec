/// A content with its files, as the library knows it.
public struct LibraryContent: Hashable, Sendable, Identifiable {
    /// What the library knows the content by; never given to another.
    public let id: Int64
    /// The SHA-256 of its bytes.
    public let contentHash: ContentHash
    /// The number of its bytes.
    public let byteCount: Int64
    /// What it says of itself.
    public let description: ContentDescription
    /// The files that have it, in the order of their paths; never empty.
    public let files: [MediaFile]
}
