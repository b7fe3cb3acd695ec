/// A file as a scan found it: enough to tell later, without reading it, whether it changed.
public struct MediaFile: Hashable, Sendable {
    /// The absolute path, without `.`, `..` and doubled slashes.
    public let path: String
    /// Its length in bytes.
    public let byteCount: Int64
    /// When it was last modified, in nanoseconds since 1970.
    public let modifiedNanoseconds: Int64

    /// Describes a file.
    public init(path: String, byteCount: Int64, modifiedNanoseconds: Int64) {
        self.path = path
        self.byteCount = byteCount
        self.modifiedNanoseconds = modifiedNanoseconds
    }
}

extension MediaFile {
    /// Whether there is a file of this length and time at the path now.
    public var isUnchanged: Bool {
        guard let status = try? FileStatus(ofPath: path), status.kind == .file else { return false }
        return status.byteCount == byteCount && status.modifiedNanoseconds == modifiedNanoseconds
    }
}
