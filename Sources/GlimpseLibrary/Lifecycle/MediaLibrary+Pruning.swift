import Foundation
import GRDB

/// What became of files that are in the library and not where they were.
public struct MissingFiles: Hashable, Sendable {
    /// Files that are gone, or would be forgotten.
    public internal(set) var gone = 0
    /// Files on disks that are not plugged in.
    public internal(set) var away = 0
    /// The mount points of those disks.
    public internal(set) var awayVolumes: [String] = []

    /// Nothing is missing.
    public init() {}
}

extension MediaLibrary {
    /// How many files are asked for between two looks at whether to stop.
    private static let pruningBatch = 1000

    /// Forgets files that are no longer there.
    ///
    /// A file on a disk that is not plugged in is away, not gone, and stays; so does one whose folder cannot be looked into. Contents
    /// stay, so that a file that comes back, or turns up elsewhere, is not embedded again (see `removeUnusedContents`).
    ///
    /// - Parameters:
    ///   - folders: Paths of files and folders to look at; nil for everything.
    ///   - dryRun: Whether to count only.
    /// - Throws: `LibraryError`, `CancellationError`.
    /// - Complexity: O(files), a question to the file system each.
    @discardableResult
    public func removeMissingFiles(under folders: [String]? = nil, dryRun: Bool = false) throws -> MissingFiles {
        var result = MissingFiles()
        let volumes = try read { try String.fetchAll($0, sql: "SELECT path FROM volume") }
        result.awayVolumes = volumes.filter { !MountPoint.isMounted($0) }.sorted()
        for folder in folders ?? ["/"] {
            var last = ""
            while true {
                try Task.checkCancellation()
                let paths = try paths(in: folder, after: last)
                guard let final = paths.last else { break }
                last = final
                var gone: [String] = []
                for path in paths where Self.isMissing(path) {
                    if result.awayVolumes.contains(where: { path.hasPrefix($0 + "/") }) {
                        result.away += 1
                    } else {
                        gone.append(path)
                    }
                }
                result.gone += gone.count
                if !dryRun { try remove(paths: gone) }
            }
        }
        return result
    }

    /// Deletes contents that no file has, with their vectors.
    ///
    /// - Returns: How many there were.
    /// - Throws: `LibraryError`.
    /// - Complexity: O(contents).
    @discardableResult
    public func removeUnusedContents(dryRun: Bool = false) throws(LibraryError) -> Int {
        let unused = "FROM content WHERE NOT EXISTS (SELECT 1 FROM file WHERE file.contentId = content.id)"
        if dryRun { return try read { try Int.fetchOne($0, sql: "SELECT COUNT(*) \(unused)") ?? 0 } }
        return try write { db in
            try db.execute(sql: "DELETE \(unused)")
            return db.changesCount
        }
    }

    /// Gives the room of deleted rows back to the disk.
    ///
    /// - Throws: `LibraryError`: `diskFull` when there is no room for a second copy of the database while it is written anew.
    /// - Complexity: O(database).
    public func compact() throws(LibraryError) {
        do {
            try pool.writeWithoutTransaction { try $0.execute(sql: "VACUUM") }
            try pool.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
        } catch {
            throw LibraryError(translating: error, at: pool.path)
        }
    }

    private func paths(in folder: String, after last: String) throws(LibraryError) -> [String] {
        try read { db in
            let statement = try db.cachedStatement(
                sql: """
                    SELECT path FROM file WHERE \(PathRange.condition(on: "path")) AND path > ?
                    ORDER BY path LIMIT \(Self.pruningBatch)
                    """)
            return try String.fetchAll(statement, arguments: PathRange(folder).arguments + [last])
        }
    }

    /// Whether a path leads nowhere; one that cannot be asked about may lead somewhere.
    private static func isMissing(_ path: String) -> Bool {
        do {
            _ = try FileStatus(ofPath: path)
            return false
        } catch {
            return error.code == .missing
        }
    }
}
