import Foundation

/// A name in a folder, and what the folder knows of it.
struct FolderEntry {
    enum Kind { case file, folder, link, other, unknown }

    let bytes: [UInt8]
    let kind: Kind

    /// The name as text; nil when it is not valid UTF-8.
    var name: String? { String(validating: bytes, as: UTF8.self) }

    /// Reads a folder, last name first.
    ///
    /// - Throws: `LibraryError` with code `unreadable`, or `missing` when the folder has gone.
    static func all(in path: String, includingHidden: Bool) throws(LibraryError) -> [FolderEntry] {
        guard let folder = opendir(path) else { throw LibraryError(reading: path, systemError: errno) }
        defer { closedir(folder) }
        var entries: [FolderEntry] = []
        while true {
            errno = 0
            guard let entry = readdir(folder) else {
                guard errno == 0 else { throw LibraryError(reading: path, systemError: errno) }
                break
            }
            let bytes = nameBytes(of: entry)
            if isTaken(bytes, includingHidden: includingHidden) {
                entries.append(FolderEntry(bytes: bytes, kind: Kind(directoryType: Int32(entry.pointee.d_type))))
            }
        }
        return entries.sorted { $1.bytes.lexicographicallyPrecedes($0.bytes) }
    }

    /// The entry is as long as its name needs, shorter than its type says: only the bytes of the name are touched.
    private static func nameBytes(of entry: UnsafeMutablePointer<dirent>) -> [UInt8] {
        guard let offset = MemoryLayout<dirent>.offset(of: \.d_name) else {
            preconditionFailure("FolderEntry: a directory entry stores no name")
        }
        let name = UnsafeRawPointer(entry).advanced(by: offset)
        let length = strlen(name.assumingMemoryBound(to: CChar.self))
        return Array(UnsafeRawBufferPointer(start: name, count: length))
    }

    private static func isTaken(_ name: [UInt8], includingHidden: Bool) -> Bool {
        guard name.first == UInt8(ascii: ".") else { return true }
        if !includingHidden || name == Array(".".utf8) || name == Array("..".utf8) { return false }
        // macOS keeps the metadata of `name` in `._name` on foreign disks: it has the extension but not the picture.
        return name[1] != UInt8(ascii: "_")
    }
}

extension FolderEntry.Kind {
    /// Some file systems do not tell: then the kind is unknown.
    init(directoryType: Int32) {
        self =
            switch directoryType {
            case Int32(DT_REG): .file
            case Int32(DT_DIR): .folder
            case Int32(DT_LNK): .link
            case Int32(DT_UNKNOWN): .unknown
            default: .other
            }
    }
}
