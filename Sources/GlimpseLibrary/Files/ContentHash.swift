import Foundation
import GlimpseDigest

/// The SHA-256 of a file's bytes: what a picture is known by, whatever its name.
public struct ContentHash: Hashable, Sendable, CustomStringConvertible {
    /// The 32 bytes of the digest.
    public let bytes: [UInt8]

    /// How much of a file is in memory at once.
    private static let blockByteCount = 1 << 20

    /// Takes a digest that was computed before; nil unless it has 32 bytes.
    public init?(bytes: some Sequence<UInt8>) {
        let bytes = Array(bytes)
        guard bytes.count == 32 else { return nil }
        self.bytes = bytes
    }

    /// Reads 64 hexadecimal digits; nil for anything else.
    public init?(hexadecimal text: String) {
        let digits = text.utf8.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
        guard digits.count == 64, text.utf8.count == 64 else { return nil }
        bytes = stride(from: 0, to: 64, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }

    /// Hashes bytes in memory.
    public init(of bytes: UnsafeRawBufferPointer) {
        var digest = Digest()
        digest.update(bytes)
        self.bytes = digest.bytes
    }

    /// Hashes a file, a megabyte at a time.
    ///
    /// - Parameter path: The path of a regular file; a link stands for what it points to.
    /// - Throws: `LibraryError` with code `missing` or `unreadable`.
    /// - Complexity: O(length) time, constant memory.
    public init(ofFileAt path: String) throws(LibraryError) {
        // Without O_NONBLOCK, opening a named pipe would wait for a writer for ever.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw LibraryError(reading: path, systemError: errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw LibraryError(reading: path, systemError: errno) }
        guard FileStatus(status).kind == .file else {
            throw LibraryError(.unreadable, "not a regular file", location: path)
        }
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.blockByteCount, alignment: 64)
        defer { block.deallocate() }
        var digest = Digest()
        while true {
            let count = read(descriptor, block.baseAddress, block.count)
            if count == 0 { break }
            if count > 0 {
                digest.update(UnsafeRawBufferPointer(rebasing: block[..<count]))
            } else if errno != EINTR {
                throw LibraryError(reading: path, systemError: errno)
            }
        }
        bytes = digest.bytes
    }

    /// The digest as 64 hexadecimal digits.
    public var description: String { bytes.hexadecimal }
}
