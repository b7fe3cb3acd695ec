import Foundation

/// A regular file, open for reading. Used by one thread.
final class RegularFile {
    let path: String
    let descriptor: Int32
    /// The size when it was opened.
    let byteCount: Int

    /// Opens the file at `path`; anything but a regular file is refused.
    init(path: String) throws {
        self.path = path
        // Without O_NONBLOCK, opening a pipe would wait for a writer.
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.openError(errno, path: path) }
        // From here on deinit closes it, also when this throws.
        self.descriptor = descriptor
        var status = stat()
        let failure = fstat(descriptor, &status) == 0 ? nil : errno
        byteCount = Int(status.st_size)
        if let failure { throw Self.openError(failure, path: path) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            let found =
                switch status.st_mode & S_IFMT {
                case S_IFDIR: "a directory"
                case S_IFIFO: "a pipe"
                case S_IFCHR, S_IFBLK: "a device"
                default: "no regular file"
                }
            throw MediaError(.notAFile, path: path, message: "this is \(found), a picture file is needed")
        }
    }

    deinit { close(descriptor) }

    /// Reads up to `count` bytes at `offset`, fewer at the end of the file.
    func read(at offset: Int, count: Int) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let rest = buffer.baseAddress?.advanced(by: filled)
                let got = pread(descriptor, rest, count - filled, off_t(offset + filled))
                if got == 0 { break }
                if got > 0 {
                    filled += got
                } else if errno != EINTR {
                    let reason = String(cString: strerror(errno))
                    throw MediaError(
                        .unreadable, path: path, message: "reading failed at byte \(offset + filled): \(reason)")
                }
            }
        }
    }

    private static func openError(_ code: Int32, path: String) -> MediaError {
        let reason = String(cString: strerror(code))
        switch code {
        case ENOENT, ENOTDIR:
            return MediaError(.missing, path: path, message: "there is no such file")
        case EACCES, EPERM:
            return MediaError(
                .unreadable, path: path, message: "the file may not be read: \(reason)",
                remedy: "Give yourself the right to read it, or leave it out.")
        default:
            // A socket cannot be opened at all (ENXIO).
            return MediaError(.unreadable, path: path, message: "the file could not be opened: \(reason)")
        }
    }
}
