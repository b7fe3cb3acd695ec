import Foundation

/// A regular file mapped into memory for reading; unmapped when the last reference goes.
///
/// Invariant that makes it `Sendable`: the mapping is private and read-only, base and count never change, and the memory
/// stays mapped as long as the object lives. The file must not be shortened by others while it is mapped: the operating
/// system ends a process that touches pages which no longer exist.
public final class MappedFile: @unchecked Sendable {
    /// The path it was opened by.
    public let path: String
    /// Its size in bytes when it was opened.
    public let count: Int
    let base: UnsafeMutableRawPointer?

    /// Maps a file.
    ///
    /// - Throws: `FormatError` with `.inputOutput` when it cannot be opened, is not a regular file or cannot be mapped.
    public init(path: String) throws {
        let file = try OpenFile(path: path)
        self.path = path
        count = file.count
        if count == 0 {
            base = nil
        } else {
            let mapping = withExtendedLifetime(file) {
                mmap(nil, file.count, PROT_READ, MAP_PRIVATE, file.descriptor, 0)
            }
            guard let mapping, mapping != MAP_FAILED else { throw FormatError.system("map into memory", path: path) }
            base = mapping
        }
    }

    deinit {
        if let base { munmap(base, count) }
    }

    /// Maps all pages, reading what is not in the system's cache: for what is about to be read from end to end.
    ///
    /// Otherwise every first touch of a few pages stops a thread, which takes longer than the reading where the cache has them. Nothing
    /// is lost where the system does not take the advice.
    public func populate() {
        #if os(Linux)
            // What has to be read from the disk comes in large pages where the file system has them.
            if let base { madvise(base, count, MADV_HUGEPAGE) }
            let advice = MADV_POPULATE_READ
        #else
            let advice = MADV_WILLNEED
        #endif
        // Other threads that ask for memory wait for each call.
        let part = 1 << 17
        for start in stride(from: 0, to: count, by: part) {
            guard let base, madvise(base + start, min(part, count - start), advice) == 0 else { return }
        }
    }

    /// Gives the whole file's bytes; they must not be used after `body` returns.
    public func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try withExtendedLifetime(self) { try body(UnsafeRawBufferPointer(start: base, count: count)) }
    }
}
