internal import Foundation

/// A file that grows as its content arrives and is digested on the way. It stays when it is let go, so that a later run goes on.
///
/// Not `Sendable`: one writer.
final class PartialFile {
    let path: String
    /// How many bytes it has.
    private(set) var size = 0
    private let contents: ContentHasher.Kind
    private var hasher: ContentHasher
    private let descriptor: Int32

    /// Opens or creates the file. What is in it counts only after `takeUp`.
    init(path: String, contents: ContentHasher.Kind) throws {
        self.path = path
        self.contents = contents
        hasher = ContentHasher(contents)
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw HubError.system("create", path: path) }
    }

    deinit {
        close(descriptor)
    }

    /// Digests what an earlier run left, to go on after it.
    ///
    /// - Complexity: O(bytes in the file); memory is constant.
    func takeUp() throws {
        try rewind()
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            try Task.checkCancellation()
            let count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                throw HubError.system("read", path: path)
            }
            if count == 0 { return }
            buffer.withUnsafeBytes { hasher.update(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
            size += count
        }
    }

    /// Adds bytes to the end.
    func append(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let pending = UnsafeRawBufferPointer(rebasing: rest)
            let count = write(descriptor, pending.baseAddress, pending.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw HubError.system("write", path: path)
            }
            hasher.update(UnsafeRawBufferPointer(rebasing: pending[..<count]))
            size += count
            rest = rest.dropFirst(count)
        }
    }

    func append(_ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes(append)
    }

    /// Drops all content.
    func restart() throws {
        guard ftruncate(descriptor, 0) == 0 else { throw HubError.system("truncate", path: path) }
        try rewind()
    }

    /// The digest of the content, in lower-case hexadecimal.
    var digest: String { hasher.digest }

    /// Makes the file durable and moves it to its place.
    func commit(to destination: String) throws {
        guard fsync(descriptor) == 0 else { throw HubError.system("flush", path: path) }
        guard rename(path, destination) == 0 else { throw HubError.system("move into place", path: destination) }
        try CacheFiles.flushFolder(of: destination)
    }

    /// Removes the file.
    func remove() throws {
        guard unlink(path) == 0 || errno == ENOENT else { throw HubError.system("remove", path: path) }
    }

    private func rewind() throws {
        guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw HubError.system("seek", path: path) }
        hasher = ContentHasher(contents)
        size = 0
    }
}
