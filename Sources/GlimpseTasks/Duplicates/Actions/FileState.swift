internal import Foundation
internal import GlimpseLibrary

/// What the file system has at a path, as far as it matters to who changes files.
struct FileState {
    private let status: FileStatus
    let attributes: FileAttributes
    /// How many names the file has (hard links).
    let nameCount: UInt64

    var identity: FileStatus.Identity { status.identity }
    var isSymbolicLink: Bool { status.kind == .link }

    /// Asks the file system.
    ///
    /// - Parameter followingLinks: whether a symbolic link stands for what it leads to.
    init(of path: String, followingLinks: Bool = false) throws(FileSystemError) {
        guard let state = try FileState(ofAnythingAt: path, followingLinks: followingLinks) else {
            throw FileSystemError(message: "\(path) is gone")
        }
        self = state
    }

    /// The same; nil where nothing is there.
    init?(ofAnythingAt path: String, followingLinks: Bool) throws(FileSystemError) {
        var status = stat()
        guard (followingLinks ? stat(path, &status) : lstat(path, &status)) == 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw FileSystemError("look at", path)
        }
        self.status = FileStatus(status)
        attributes = FileAttributes(status)
        nameCount = UInt64(status.st_nlink)
    }

    /// Whether it is the file that it was earlier, and nobody has written to it.
    func isUnchanged(since earlier: FileState) -> Bool {
        identity == earlier.identity && status.byteCount == earlier.status.byteCount
            && attributes.modified == earlier.attributes.modified
    }
}
