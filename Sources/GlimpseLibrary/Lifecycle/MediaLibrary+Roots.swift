import Foundation
import GRDB

extension MediaLibrary {
    /// The folders that were indexed as such, in the order of their paths.
    ///
    /// - Throws: `LibraryError`.
    public func roots() throws(LibraryError) -> [String] {
        try read { try String.fetchAll($0, sql: "SELECT path FROM root ORDER BY path") }
    }

    /// Remembers folders that are indexed, and the mount points they lie behind, so that a disk that is unplugged is known as away.
    ///
    /// A folder inside one that is remembered already is not remembered again; one that contains others takes their place.
    ///
    /// - Parameters:
    ///   - folders: Paths as a scan gives them (see `MediaPath`).
    ///   - mountPoints: Others that a scan came by.
    /// - Throws: `LibraryError`.
    public func remember(roots folders: [String], mountPoints: [String] = []) throws(LibraryError) {
        var volumes = Set(mountPoints)
        for folder in folders {
            if let volume = try MountPoint.containing(folder) { volumes.insert(volume) }
        }
        let now = Int64(Date().timeIntervalSince1970)
        try write { db in
            for volume in volumes.sorted() {
                try db.execute(sql: "INSERT OR IGNORE INTO volume (path) VALUES (?)", arguments: [volume])
            }
            for folder in folders {
                let isCovered = try Bool.fetchOne(
                    db,
                    sql:
                        "SELECT 1 FROM root WHERE ? = path OR substr(?, 1, length(path) + 1) = path || '/' OR path = '/'",
                    arguments: [folder, folder])
                if isCovered == true { continue }
                let range = PathRange(folder)
                try db.execute(
                    sql: "DELETE FROM root WHERE \(PathRange.condition(on: "path"))", arguments: range.arguments)
                try db.execute(
                    sql: "INSERT INTO root (path, recordedAt) VALUES (?, ?)", arguments: [folder, now])
            }
        }
    }
}
