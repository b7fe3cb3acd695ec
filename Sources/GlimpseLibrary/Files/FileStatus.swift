package import Foundation

/// What the file system says of a path.
package struct FileStatus {
    package enum Kind { case file, folder, link, other }

    /// Tells a file or folder from every other one, by whichever path it is reached.
    package struct Identity: Hashable {
        let device: UInt64
        let inode: UInt64
    }

    package let kind: Kind
    package let identity: Identity
    package let byteCount: Int64
    let modifiedNanoseconds: Int64

    /// Asks the file system.
    ///
    /// - Parameter followingLinks: Whether a link stands for what it points to.
    /// - Throws: `LibraryError` with code `missing` when nothing is there, or `unreadable`.
    init(ofPath path: String, followingLinks: Bool = true) throws(LibraryError) {
        var status = stat()
        guard (followingLinks ? stat(path, &status) : lstat(path, &status)) == 0 else {
            throw LibraryError(reading: path, systemError: errno)
        }
        self.init(status)
    }

    package init(_ status: stat) {
        kind =
            switch status.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .folder
            case S_IFLNK: .link
            default: .other
            }
        identity = Identity(device: UInt64(truncatingIfNeeded: status.st_dev), inode: UInt64(status.st_ino))
        byteCount = Int64(status.st_size)
        #if canImport(Darwin)
            let modified = status.st_mtimespec
        #else
            let modified = status.st_mtim
        #endif
        // Wraps for years beyond 2262, which file systems can hold: the number only has to differ when the time does.
        modifiedNanoseconds = Int64(modified.tv_sec) &* 1_000_000_000 &+ Int64(modified.tv_nsec)
    }
}

extension LibraryError {
    /// Says why a person's file or folder could not be read.
    init(reading path: String, systemError number: Int32) {
        let reason = String(cString: strerror(number))
        switch number {
        case ENOENT, ENOTDIR:
            self.init(.missing, "no such file or folder", location: path, remedy: "Check the path.")
        case EACCES, EPERM:
            self.init(.unreadable, reason, location: path, remedy: "Check that you may read it.")
        case ELOOP:
            self.init(.unreadable, "a link that leads back to itself", location: path, remedy: "Remove the link.")
        default:
            self.init(.unreadable, reason, location: path)
        }
    }
}
