import Foundation

/// A file written beside its place and moved there when complete, so that readers see the old file or the new one.
///
/// Without `commit()` nothing is left behind. Not `Sendable`: one writer.
final class AtomicFile {
    let path: String
    private let temporaryPath: String
    private let descriptor: Int32
    private var isCommitted = false

    init(path: String) throws {
        self.path = path
        temporaryPath = "\(path).\(getpid())-\(String(UInt64.random(in: 0...UInt64.max), radix: 36)).part"
        descriptor = open(temporaryPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw FormatError.system("create", path: temporaryPath) }
    }

    deinit {
        close(descriptor)
        if !isCommitted { unlink(temporaryPath) }
    }

    /// Appends bytes.
    func write(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let pending = UnsafeRawBufferPointer(rebasing: rest)
            let written = writeOnce(descriptor, pending)
            if written < 0 {
                if errno == EINTR { continue }
                throw FormatError.system("write", path: temporaryPath)
            }
            rest = rest.dropFirst(written)
        }
    }

    func write(_ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes(write)
    }

    /// Returns to the start, for a header whose content is known only at the end.
    func rewind() throws {
        guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw FormatError.system("seek", path: temporaryPath) }
    }

    /// Makes the file durable and visible under its path.
    func commit() throws {
        guard fsync(descriptor) == 0 else { throw FormatError.system("flush", path: temporaryPath) }
        guard rename(temporaryPath, path) == 0 else { throw FormatError.system("move into place", path: path) }
        isCommitted = true
        let parent = (path as NSString).deletingLastPathComponent
        let directory = open(parent.isEmpty ? "." : parent, O_RDONLY | O_CLOEXEC)
        guard directory >= 0 else { throw FormatError.system("open the directory of", path: path) }
        defer { close(directory) }
        guard fsync(directory) == 0 else { throw FormatError.system("flush the directory of", path: path) }
    }
}

/// The system call, outside the class whose own `write` hides it.
private func writeOnce(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    write(descriptor, bytes.baseAddress, bytes.count)
}
