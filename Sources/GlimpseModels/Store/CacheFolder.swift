package import Foundation

/// A folder of files that can be made again: those not used for longest go when there are too many.
///
/// Processes may share it.
package struct CacheFolder: Sendable {
    /// Where the files are. It need not exist.
    package let url: URL
    private let fileLimit: Int
    /// How many bytes the files may take together.
    let byteLimit: Int

    private static let fileExtension = "safetensors"

    package init(_ url: URL, fileLimit: Int, byteLimit: Int) {
        self.url = url
        self.fileLimit = fileLimit
        self.byteLimit = byteLimit
    }

    /// The file that is called `name`.
    package func file(_ name: String) -> URL { url.appending(path: "\(name).\(Self.fileExtension)") }

    /// Lets `write` put a file into the folder, then removes what is beyond the limits.
    package func keep(_ write: () throws -> Void) throws {
        // The XDG specification asks for a folder that is the user's alone.
        try FileManager.default.createDirectory(
            at: url, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        try write()
        try tidy()
    }

    /// Says that a file was of use.
    package static func noteUse(of file: URL) {
        do {
            try FileManager.default.setAttributes(
                [.modificationDate: Date.now], ofItemAtPath: file.path(percentEncoded: false))
        } catch {
            // A file of somebody else, or a read-only disk: its place in the order of removal is all that suffers.
        }
    }

    /// Removes what is beyond the limits, and what writers left behind that were killed.
    private func tidy() throws {
        var fileCount = 0
        var byteCount = 0
        for entry in try entries().sorted(by: { $0.lastUse > $1.lastUse }) {
            if entry.url.pathExtension == Self.fileExtension {
                fileCount += 1
                byteCount += entry.byteCount
                if fileCount > fileLimit || byteCount > byteLimit { try remove(entry.url) }
            } else if entry.lastUse < Date(timeIntervalSinceNow: -3600) {
                try remove(entry.url)
            }
        }
    }

    private struct Entry {
        let url: URL
        let byteCount: Int
        let lastUse: Date
    }

    private func entries() throws -> [Entry] {
        let keys: Set<URLResourceKey> = [.isRegularFileKey, .fileSizeKey, .contentModificationDateKey]
        return try FileManager.default.contentsOfDirectory(at: url, includingPropertiesForKeys: Array(keys))
            .compactMap { file in
                do {
                    let values = try file.resourceValues(forKeys: keys)
                    guard values.isRegularFile == true, let byteCount = values.fileSize,
                        let lastUse = values.contentModificationDate
                    else { return nil }
                    return Entry(url: file, byteCount: byteCount, lastUse: lastUse)
                } catch CocoaError.fileReadNoSuchFile {
                    // Another process removed or renamed it just now.
                    return nil
                }
            }
    }

    private func remove(_ file: URL) throws {
        do {
            try FileManager.default.removeItem(at: file)
        } catch CocoaError.fileNoSuchFile {
            // Another process was faster.
        }
    }
}
