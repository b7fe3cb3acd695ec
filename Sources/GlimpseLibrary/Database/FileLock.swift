import Foundation

/// A lock between processes: the system releases it when its holder dies, however it dies.
enum FileLock {
    /// Runs `body` while no other process, and no other caller in this one, is inside a lock on the same path.
    ///
    /// The file is created when missing and stays: removing it would let two callers lock different files of one name.
    ///
    /// - Throws: `LibraryError` with code `cannotOpen` when the file cannot be created; what `body` throws.
    static func withLock<Result>(at path: String, _ body: () throws -> Result) throws -> Result {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw LibraryError(systemError: errno, action: "create a lock file", path: path) }
        defer { close(descriptor) }
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else { throw LibraryError(systemError: errno, action: "lock a file", path: path) }
        }
        return try body()
    }
}

extension LibraryError {
    /// Says what a system call that concerns the library's own files ran into.
    init(systemError number: Int32, action: String, path: String) {
        let reason = String(cString: strerror(number))
        switch number {
        case ENOSPC, EDQUOT:
            self.init(
                .diskFull, "cannot \(action): \(reason)", location: path,
                remedy: "Free space and run again; what was indexed is kept.")
        case ENOTDIR:
            self.init(
                .notADirectory, "cannot \(action): \(reason)", location: path,
                remedy: "Choose a folder whose path leads through no file.")
        default:
            self.init(
                .cannotOpen, "cannot \(action): \(reason)", location: path,
                remedy: "Check that you own the folder and may write to it, and that its disk is not mounted read-only."
            )
        }
    }
}
