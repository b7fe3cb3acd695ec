internal import Foundation

/// System calls on the cache, with errors that say which path.
enum CacheFiles {
    /// What a path leads to.
    struct Status {
        let size: Int
        let isRegularFile: Bool
    }

    /// What is there, links followed; nil when nothing is.
    static func status(_ path: String) throws -> Status? {
        var information = stat()
        guard stat(path, &information) == 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw HubError.system("look at", path: path)
        }
        return Status(size: Int(information.st_size), isRegularFile: information.st_mode & S_IFMT == S_IFREG)
    }

    /// Whether a regular file of this size is there, links followed.
    static func isFile(_ path: String, size: Int) throws -> Bool {
        guard let status = try status(path) else { return false }
        return status.isRegularFile && status.size == size
    }

    /// Makes a folder and those it is in, where missing.
    static func makeFolder(_ path: String) throws {
        if mkdir(path, 0o777) == 0 || errno == EEXIST { return }
        let parent = (path as NSString).deletingLastPathComponent
        guard errno == ENOENT, !parent.isEmpty, parent != path else {
            throw HubError.system("create the folder", path: path)
        }
        try makeFolder(parent)
        guard mkdir(path, 0o777) == 0 || errno == EEXIST else {
            throw HubError.system("create the folder", path: path)
        }
    }

    /// Puts a link at a path, in place of a file or link that may be there.
    static func link(_ path: String, to target: String) throws {
        if linkTarget(path) == target { return }
        let temporary = temporaryName(for: path)
        guard symlink(target, temporary) == 0 else { throw HubError.system("create a link", path: temporary) }
        try move(temporary, to: path)
    }

    /// Where a link leads; nil when there is none.
    static func linkTarget(_ path: String) -> String? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) { buffer in
            guard let start = buffer.baseAddress else { return nil }
            let count = readlink(path, start, buffer.count)
            return count < 0 ? nil : String(decoding: UnsafeRawBufferPointer(start: start, count: count), as: UTF8.self)
        }
    }

    /// Writes a small file, in place of one that may be there: readers see the old or the new.
    static func write(_ text: String, to path: String) throws {
        let temporary = temporaryName(for: path)
        let file = try PartialFile(path: temporary, contents: .sha256)
        do {
            try file.append(Array(text.utf8))
            try file.commit(to: path)
        } catch {
            try file.remove()
            throw error
        }
    }

    /// Moves within a folder, over what is there.
    static func move(_ source: String, to destination: String) throws {
        guard rename(source, destination) == 0 else {
            let error = HubError.system("move into place", path: destination)
            unlink(source)
            throw error
        }
    }

    /// Makes a renamed file's name durable.
    static func flushFolder(of path: String) throws {
        let folder = (path as NSString).deletingLastPathComponent
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw HubError.system("open the folder of", path: path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw HubError.system("flush the folder of", path: path) }
    }

    /// The bytes that may still be written to the file system that holds a folder.
    static func availableBytes(at folder: String) throws -> Int {
        var information = statvfs()
        guard statvfs(folder, &information) == 0 else {
            throw HubError.system("ask for the free space of", path: folder)
        }
        let (bytes, overflow) = Int(clamping: UInt64(information.f_bavail))
            .multipliedReportingOverflow(by: Int(clamping: UInt64(information.f_frsize)))
        return overflow ? Int.max : bytes
    }

    private static func temporaryName(for path: String) -> String {
        "\(path).\(getpid())-\(String(UInt64.random(in: 0...UInt64.max), radix: 36)).part"
    }
}
