internal import Foundation
internal import GlimpseLibrary

/// The user's trash, from which the file manager can bring files back.
///
/// On Linux as freedesktop.org's specification has it (version 1.0): the home trash for files on the home's disk, else the one at the top of
/// the file's own disk.
struct Trash {
    private let home: String
    private let now: Date
    private let writer: FileWriter

    init(environment: [String: String], writer: FileWriter, now: Date = Date()) {
        let data = environment["XDG_DATA_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
        home =
            (data ?? FileManager.default.homeDirectoryForCurrentUser.path(percentEncoded: false) + "/.local/share")
            .replacing("//", with: "/") + "/Trash"
        self.now = now
        self.writer = writer
    }

    /// Where a file will lie in the trash. On Linux its name is taken there from now on.
    ///
    /// - Throws: `FileSystemError` when there is no trash for it.
    func place(for path: String) throws(FileSystemError) -> String {
        #if os(macOS)
            return FileManager.default.homeDirectoryForCurrentUser.appending(path: ".Trash")
                .appending(path: "\(UUID().uuidString)-\(URL(filePath: path).lastPathComponent)").path(
                    percentEncoded: false)
        #else
            let (folder, top) = try folder(for: path)
            for name in ["files", "info"] {
                do {
                    try FileManager.default.createDirectory(
                        atPath: folder + "/" + name, withIntermediateDirectories: true,
                        attributes: [.posixPermissions: 0o700])
                } catch {
                    throw FileSystemError(message: "there is no trash for \(path): \(error.localizedDescription)")
                }
            }
            let url = URL(filePath: path)
            var name = url.lastPathComponent
            var number = 1
            while true {
                let note = "\(folder)/info/\(name).trashinfo"
                let descriptor = open(note, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
                if descriptor >= 0 {
                    try write(information(path, below: top), to: descriptor, note)
                    return "\(folder)/files/\(name)"
                }
                guard errno == EEXIST else { throw FileSystemError("write into the trash", folder) }
                number += 1
                let suffix = url.pathExtension.isEmpty ? "" : ".\(url.pathExtension)"
                name = "\(url.deletingPathExtension().lastPathComponent).\(number)\(suffix)"
            }
        #endif
    }

    /// Writes into a note that was made just now, and closes it; one that cannot be written is taken away.
    private func write(_ text: String, to descriptor: Int32, _ note: String) throws(FileSystemError) {
        let isWritten = writer.writeAll(Data(text.utf8), to: descriptor)
        let error = FileSystemError("write into the trash", note)
        close(descriptor)
        guard isWritten else {
            unlink(note)
            throw error
        }
    }

    /// Forgets that a file lay in the trash, after it was taken out.
    func release(_ place: String) {
        let url = URL(filePath: place)
        let folder = url.deletingLastPathComponent().deletingLastPathComponent()
        unlink(folder.appending(path: "info/\(url.lastPathComponent).trashinfo").path(percentEncoded: false))
    }

    /// The trash for a file, and the folder that paths in it are relative to; nil for whole paths.
    private func folder(for path: String) throws(FileSystemError) -> (folder: String, top: String?) {
        do {
            guard let mountPoint = try MountPoint.containing(path),
                try MountPoint.containing(existing(home)) != mountPoint
            else { return (home, nil) }
            return ("\(mountPoint)/.Trash-\(getuid())", mountPoint)
        } catch {
            throw FileSystemError(message: "there is no trash for \(path): \(error)")
        }
    }

    /// The path, or the nearest folder around it that is there.
    private func existing(_ path: String) -> String {
        var url = URL(filePath: path)
        while !FileManager.default.fileExists(atPath: url.path(percentEncoded: false)), url.pathComponents.count > 1 {
            url.deleteLastPathComponent()
        }
        return url.path(percentEncoded: false)
    }

    private func information(_ path: String, below top: String?) -> String {
        let shown = top.map { String(path.dropFirst($0.count + 1)) } ?? path
        let encoded = shown.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? shown
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.dateFormat = "yyyy-MM-dd'T'HH:mm:ss"
        return "[Trash Info]\nPath=\(encoded)\nDeletionDate=\(formatter.string(from: now))\n"
    }
}
