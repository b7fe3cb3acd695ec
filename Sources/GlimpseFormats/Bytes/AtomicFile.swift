import Foundation

/// A file written beside its place and moved there when complete, so that readers see the old file or the new one.
///
/// Without `commit()` nothing is left behind. Not `Sendable`: one writer.
final class AtomicFile {
    let path: String
    private let temporaryPath: String
    private let descriptor: Int32
    /// What follows `position` in the file and is not written yet: less than a piece.
    private var pending: [UInt8] = []
    private var position = 0
    private var isCommitted = false

    /// The file is written in pieces that begin at multiples of their size. File systems that keep large pages in the system's cache
    /// (ext4 and XFS on Linux) then make a page of each piece, and to map 150 MB takes a tenth of a millisecond instead of ten.
    private static let pieceSize = 2 << 20

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
            let room = Self.pieceSize - (position + pending.count) % Self.pieceSize
            let next = UnsafeRawBufferPointer(rebasing: rest.prefix(room))
            rest = rest.dropFirst(room)
            if pending.isEmpty && next.count == room {
                try writeNow(next)
            } else {
                pending.append(contentsOf: next)
                if next.count == room { try flush() }
            }
        }
    }

    func write(_ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes(write)
    }

    /// Returns to the start, for a header whose content is known only at the end.
    func rewind() throws {
        try flush()
        position = 0
        guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw FormatError.system("seek", path: temporaryPath) }
    }

    /// Makes the file durable and visible under its path.
    func commit() throws {
        try flush()
        guard fsync(descriptor) == 0 else { throw FormatError.system("flush", path: temporaryPath) }
        guard rename(temporaryPath, path) == 0 else { throw FormatError.system("move into place", path: path) }
        isCommitted = true
        let parent = (path as NSString).deletingLastPathComponent
        let directory = open(parent.isEmpty ? "." : parent, O_RDONLY | O_CLOEXEC)
        guard directory >= 0 else { throw FormatError.system("open the directory of", path: path) }
        defer { close(directory) }
        guard fsync(directory) == 0 else { throw FormatError.system("flush the directory of", path: path) }
    }

    private func flush() throws {
        try pending.withUnsafeBytes(writeNow)
        pending.removeAll(keepingCapacity: true)
    }

    private func writeNow(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = writeOnce(descriptor, UnsafeRawBufferPointer(rebasing: rest))
            if written < 0 {
                if errno == EINTR { continue }
                throw FormatError.system("write", path: temporaryPath)
            }
            rest = rest.dropFirst(written)
            position += written
        }
    }
}

/// The system call, outside the class whose own `write` hides it.
private func writeOnce(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    write(descriptor, bytes.baseAddress, bytes.count)
}
