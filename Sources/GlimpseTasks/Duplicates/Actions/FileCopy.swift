internal import Foundation
internal import GlimpseLibrary

/// A copy of a file that has no name yet but one in a folder made for it, where nobody else has files.
struct FileCopy {
    let path: String
    private let folder: String

    /// Copies a file; the disk has the copy then, and it was read again and found the same.
    ///
    /// - Parameters:
    ///   - place: where the copy is to go; it is made in a folder beside it.
    ///   - attributes: what the copy has besides its bytes.
    init(
        of source: String, beside place: String, attributes: FileAttributes
    ) throws(FileSystemError) {
        let random = String(UInt64.random(in: 0...UInt64.max), radix: 36)
        folder = "\(FileMover.folder(of: place))/.glimpse-\(getpid())-\(random)"
        path = folder + "/copy"
        guard mkdir(folder, 0o700) == 0 else { throw FileSystemError("make a folder", folder) }
        do throws(FileSystemError) {
            try fill(from: source, attributes: attributes)
        } catch {
            remove()
            throw error
        }
    }

    /// Takes away what was made. Once the copy has a name elsewhere, that is the folder only.
    func remove() {
        unlink(path)
        rmdir(folder)
    }

    private func fill(from source: String, attributes: FileAttributes) throws(FileSystemError) {
        do {
            try FileManager.default.copyItem(atPath: source, toPath: path)
        } catch {
            throw FileSystemError(message: "cannot copy \(source): \(error.localizedDescription)")
        }
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileSystemError("open the copy of \(source)", path) }
        defer { close(descriptor) }
        // Flushed before it is compared: until then the disk may still refuse what reads well from memory.
        guard fsync(descriptor) == 0 else { throw FileSystemError("write the copy of \(source)", path) }
        guard try ContentHash.reading(source) == ContentHash.reading(path) else {
            throw FileSystemError(message: "the copy of \(source) is not the same as the file")
        }
        // Last, since reading changes the time of access.
        try attributes.apply(to: descriptor, of: path)
        guard fsync(descriptor) == 0 else { throw FileSystemError("write the copy of \(source)", path) }
    }
}
