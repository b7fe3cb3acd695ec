internal import CFiles
internal import Foundation

/// Moves files without ever replacing or losing one. Only names that were made here are ever taken away again.
package enum FileMover {
    /// Moves a file to a place where there is none, on whichever disk, and makes the folders that lead there.
    ///
    /// The file keeps its times and permissions.
    ///
    /// - Throws: `FileSystemError`; the file is then where it was.
    package static func move(_ path: String, to target: String) throws(FileSystemError) {
        let folders = try makeFolder(of: target)
        if try moveWithinDisk(path, to: target) { return }
        try moveToOtherDisk(path, to: target, folders)
    }

    /// Makes `path` another name of the bytes of `kept`, in one step.
    ///
    /// - Throws: `FileSystemError`, for files on different disks among others.
    static func makeLink(at path: String, toBytesOf kept: String) throws(FileSystemError) {
        let temporary = temporaryName(beside: path)
        // Where the kept path is a symbolic link, the file it leads to: another link would be no name of its bytes.
        guard linkat(AT_FDCWD, kept, AT_FDCWD, temporary, AT_SYMLINK_FOLLOW) == 0 else {
            throw FileSystemError("link", path)
        }
        guard rename(temporary, path) == 0 else {
            let error = FileSystemError("link", path)
            unlink(temporary)
            throw error
        }
    }

    /// Gives `path` bytes of its own, equal to those it shares with other names.
    ///
    /// - Parameter attributes: what it has besides its bytes from then on.
    static func separate(_ path: String, attributes: FileAttributes) throws(FileSystemError) {
        let before = try FileState(of: path)
        let copy = try FileCopy(of: path, beside: path, attributes: attributes)
        defer { copy.remove() }
        try requireUnchanged(path, since: before)
        guard rename(copy.path, path) == 0 else { throw FileSystemError("separate", path) }
        // It has happened and is to be told so: should the disk not have the new name yet, it has the old one, of the same bytes.
        try? flushFolder(folder(of: path))
    }

    /// The folder that a file is in.
    static func folder(of path: String) -> String { (path as NSString).deletingLastPathComponent }

    private static func temporaryName(beside path: String) -> String {
        "\(path).glimpse-\(getpid())-\(String(UInt64.random(in: 0...UInt64.max), radix: 36))"
    }

    /// Makes the folder of a file, and those on the way to it.
    ///
    /// - Returns: The folders in which there are, or will be, new names; the innermost first.
    private static func makeFolder(of target: String) throws(FileSystemError) -> [String] {
        let innermost = folder(of: target)
        var folders = [innermost]
        while let last = folders.last, last.count > 1, !FileManager.default.fileExists(atPath: last) {
            folders.append(folder(of: last))
        }
        do {
            try FileManager.default.createDirectory(atPath: innermost, withIntermediateDirectories: true)
        } catch {
            throw FileSystemError(message: "cannot create the folder of \(target): \(error.localizedDescription)")
        }
        return folders
    }

    /// Gives a file another name on its disk and takes the old one.
    ///
    /// - Returns: False for places on different disks; nothing has happened then.
    private static func moveWithinDisk(_ path: String, to target: String) throws(FileSystemError) -> Bool {
        // A second name first: unlike a rename it fails where there is a file already.
        if link(path, target) == 0 {
            guard unlink(path) == 0 else {
                let error = FileSystemError("move", path)
                unlink(target)
                throw error
            }
            return true
        }
        switch errno {
        case EXDEV: return false
        case EEXIST: throw FileSystemError(message: "\(target) is there already")
        // No second names on this disk, or not for this file.
        case EPERM, ENOTSUP, EOPNOTSUPP, ENOSYS, EMLINK: return try renameExclusively(path, to: target)
        default: throw FileSystemError("move", path)
        }
    }

    /// The same where there are no second names; few systems that have none of them lack this as well.
    private static func renameExclusively(_ path: String, to target: String) throws(FileSystemError) -> Bool {
        if cfiles_rename_exclusively(path, target) == 0 { return true }
        switch errno {
        case EXDEV: return false
        case EEXIST: throw FileSystemError(message: "\(target) is there already")
        case EINVAL, ENOSYS, ENOTSUP, EOPNOTSUPP:
            throw FileSystemError(message: "cannot move \(path): its disk has no way that never replaces a file")
        default: throw FileSystemError("move", path)
        }
    }

    /// The copy is whole, has its name, and the disk has both, before the original goes.
    ///
    /// - Parameter folders: those with new names, which the disk has to have as well.
    private static func moveToOtherDisk(
        _ path: String, to target: String, _ folders: [String]
    ) throws(FileSystemError) {
        let before = try FileState(of: path)
        let copy = try FileCopy(of: path, beside: target, attributes: before.attributes)
        defer { copy.remove() }
        guard try moveWithinDisk(copy.path, to: target) else {
            throw FileSystemError(message: "cannot move \(path): there is another disk at \(target)")
        }
        do throws(FileSystemError) {
            for folder in folders { try flushFolder(folder) }
            try requireUnchanged(path, since: before)
            guard unlink(path) == 0 else { throw FileSystemError("move", path) }
        } catch {
            unlink(target)
            throw error
        }
    }

    private static func requireUnchanged(_ path: String, since before: FileState) throws(FileSystemError) {
        guard try FileState(of: path).isUnchanged(since: before) else {
            throw FileSystemError(message: "\(path) was changed while it was copied")
        }
    }

    /// Waits until the disk has the names in a folder; not every file system can be asked to.
    static func flushFolder(_ folder: String) throws(FileSystemError) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileSystemError("open the folder", folder) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 || [EINVAL, ENOSYS, ENOTSUP].contains(errno) else {
            throw FileSystemError("flush the folder", folder)
        }
    }
}
