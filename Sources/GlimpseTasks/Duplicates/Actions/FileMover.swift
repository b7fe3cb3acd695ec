internal import Foundation
internal import GlimpseLibrary

/// Moves files without ever replacing or losing one.
enum FileMover {
    /// Moves a file to a place where there is none, on whichever disk, and makes the folders that lead there.
    ///
    /// - Throws: `FileSystemError`; the file is then where it was.
    static func move(_ path: String, to target: String) throws {
        do {
            try FileManager.default.createDirectory(
                at: URL(filePath: target).deletingLastPathComponent(), withIntermediateDirectories: true)
        } catch {
            throw FileSystemError(message: "cannot create the folder of \(target): \(error.localizedDescription)")
        }
        // A second name first: unlike a rename it fails where there is a file already.
        if link(path, target) == 0 {
            guard unlink(path) == 0 else {
                let error = FileSystemError("move", path)
                unlink(target)
                throw error
            }
            return
        }
        switch errno {
        case EXDEV, EPERM, ENOTSUP, EMLINK: try copyAndRemove(path, to: target)
        default: throw FileSystemError("move", path)
        }
    }

    /// Makes `path` another name of the bytes of `kept`, in one step.
    ///
    /// - Throws: `FileSystemError`, for files on different disks among others.
    static func makeLink(at path: String, toBytesOf kept: String) throws {
        let temporary = temporaryName(beside: path)
        guard link(kept, temporary) == 0 else { throw FileSystemError("link", path) }
        guard rename(temporary, path) == 0 else {
            let error = FileSystemError("link", path)
            unlink(temporary)
            throw error
        }
    }

    /// Gives `path` bytes of its own, equal to those it shares with other names.
    static func unlinkBytes(of path: String) throws {
        let temporary = temporaryName(beside: path)
        try copy(path, to: temporary)
        guard rename(temporary, path) == 0 else {
            let error = FileSystemError("separate", path)
            unlink(temporary)
            throw error
        }
    }

    private static func temporaryName(beside path: String) -> String {
        "\(path).glimpse-\(getpid())-\(String(UInt32.random(in: 0...UInt32.max), radix: 36))"
    }

    /// For another disk: the copy is compared before the original goes.
    private static func copyAndRemove(_ path: String, to target: String) throws {
        guard !FileManager.default.fileExists(atPath: target) else {
            throw FileSystemError(message: "\(target) is there already")
        }
        try copy(path, to: target)
        guard unlink(path) == 0 else {
            let error = FileSystemError("move", path)
            unlink(target)
            throw error
        }
    }

    private static func copy(_ path: String, to target: String) throws {
        do {
            try FileManager.default.copyItem(atPath: path, toPath: target)
            guard try ContentHash(ofFileAt: path) == ContentHash(ofFileAt: target) else {
                throw FileSystemError(message: "the copy of \(path) is not the same as the file")
            }
            let descriptor = open(target, O_RDONLY | O_CLOEXEC)
            defer { if descriptor >= 0 { close(descriptor) } }
            guard descriptor >= 0, fsync(descriptor) == 0 else { throw FileSystemError("write", target) }
        } catch {
            unlink(target)
            throw error as? FileSystemError ?? FileSystemError(message: "cannot copy \(path): \(error)")
        }
    }
}
