internal import Foundation

/// What a file system says of a file besides its bytes, as far as it can be given back.
///
/// Extended attributes and access control lists are no part of it.
struct FileAttributes: Codable, Hashable {
    /// A time since 1970.
    struct Time: Codable, Hashable {
        let seconds: Int64
        let nanoseconds: Int64

        init(_ time: timespec) {
            seconds = Int64(time.tv_sec)
            nanoseconds = Int64(time.tv_nsec)
        }

        var systemTime: timespec { timespec(tv_sec: time_t(seconds), tv_nsec: Int(nanoseconds)) }
    }

    let modified: Time
    let accessed: Time
    /// As chmod(2) takes them.
    let permissions: UInt32
    let owner: UInt32
    let group: UInt32

    init(_ status: stat) {
        #if canImport(Darwin)
            modified = Time(status.st_mtimespec)
            accessed = Time(status.st_atimespec)
        #else
            modified = Time(status.st_mtim)
            accessed = Time(status.st_atim)
        #endif
        permissions = Self.permissions(status)
        owner = UInt32(status.st_uid)
        group = UInt32(status.st_gid)
    }

    private static func permissions(_ status: stat) -> UInt32 { UInt32(status.st_mode & ~S_IFMT) }

    /// Gives them to an open file; the owner only where the system lets, since giving files away takes privileges.
    ///
    /// - Parameter path: names the file in the error.
    func apply(to descriptor: Int32, of path: String) throws(FileSystemError) {
        // The owner first, a change of which takes some permissions away; where only the group may be changed, that.
        if fchown(descriptor, owner, group) != 0 { _ = fchown(descriptor, uid_t.max, group) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw FileSystemError("look at", path) }
        if Self.permissions(status) != permissions {
            guard fchmod(descriptor, mode_t(truncatingIfNeeded: permissions)) == 0 else {
                throw FileSystemError("restore the permissions of", path)
            }
        }
        guard futimens(descriptor, [accessed.systemTime, modified.systemTime]) == 0 else {
            throw FileSystemError("restore the times of", path)
        }
    }

    /// Gives them to a file, and waits until the disk has them.
    func apply(toFileAt path: String) throws(FileSystemError) {
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileSystemError("open", path) }
        defer { close(descriptor) }
        try apply(to: descriptor, of: path)
        guard fsync(descriptor) == 0 else { throw FileSystemError("flush", path) }
    }
}
