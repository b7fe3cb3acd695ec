import Foundation

/// A regular file that is open for reading; closed when the last reference goes.
package final class OpenFile: Sendable {
    /// The path it was opened by.
    package let path: String
    /// Its size in bytes when it was opened.
    package let count: Int
    let descriptor: Int32

    /// Opens a file.
    ///
    /// - Throws: `FormatError` with `.inputOutput` when it cannot be opened or is not a regular file.
    package init(path: String) throws {
        // Non-blocking, so that opening a named pipe without a writer returns and is then refused as no regular file.
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw FormatError.system("open", path: path) }
        // From here on deinit closes it, also when this throws.
        self.path = path
        var status = stat()
        let failure = fstat(descriptor, &status) == 0 ? nil : FormatError.system("examine", path: path)
        count = Int(status.st_size)
        if let failure { throw failure }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw FormatError(.inputOutput, "not a regular file", path: path)
        }
    }

    deinit { close(descriptor) }

    /// Reads the bytes of a range.
    ///
    /// - Throws: `FormatError`: `.inputOutput`, or `.truncated` where the file ends before.
    package func read(_ range: Range<Int>) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: range.count) { buffer, filled in
            while filled < range.count {
                let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...])
                let got = pread(descriptor, rest.baseAddress, range.count - filled, off_t(range.lowerBound + filled))
                guard got != 0 else {
                    throw FormatError(.truncated, "the file ends at byte \(range.lowerBound + filled)", path: path)
                }
                if got > 0 {
                    filled += got
                } else if errno != EINTR {
                    throw FormatError.system("read", path: path)
                }
            }
        }
    }
}
