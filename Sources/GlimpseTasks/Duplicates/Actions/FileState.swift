internal import Foundation

/// What the file system has at a path.
struct FileState {
    /// Tells a file from every other one, by whichever name.
    struct Identity: Hashable {
        let device: UInt64
        let inode: UInt64
    }

    let identity: Identity
    let attributes: FileAttributes
    let byteCount: Int64
    /// How many names the file has (hard links).
    let nameCount: UInt64
    let isSymbolicLink: Bool

    /// Asks the file system.
    ///
    /// - Parameter followingLinks: whether a symbolic link stands for what it leads to.
    init(of path: String, followingLinks: Bool = false) throws(FileSystemError) {
        var status = stat()
        guard (followingLinks ? stat(path, &status) : lstat(path, &status)) == 0 else {
            throw FileSystemError("look at", path)
        }
        identity = Identity(device: UInt64(truncatingIfNeeded: status.st_dev), inode: UInt64(status.st_ino))
        attributes = FileAttributes(status)
        byteCount = Int64(status.st_size)
        nameCount = UInt64(status.st_nlink)
        isSymbolicLink = status.st_mode & S_IFMT == S_IFLNK
    }

    /// Whether it is the file that it was earlier, and nobody has written to it.
    func isUnchanged(since earlier: FileState) -> Bool {
        identity == earlier.identity && byteCount == earlier.byteCount
            && attributes.modified == earlier.attributes.modified
    }
}
