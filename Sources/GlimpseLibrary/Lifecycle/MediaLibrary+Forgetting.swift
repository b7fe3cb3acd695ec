import GRDB
public import GlimpseModels
import Synchronization

extension MediaLibrary {
    /// Forgets files and folders, with the contents that no other file has, and the roots among them. The files themselves stay.
    ///
    /// - Parameter paths: Paths as a scan gives them (see `MediaPath`).
    /// - Returns: How many files were forgotten.
    /// - Throws: `LibraryError`.
    @discardableResult
    public func forget(paths: [String]) throws(LibraryError) -> Int {
        let count = try write { db in
            var count = 0
            for path in paths {
                let arguments = PathRange(path).arguments
                try db.execute(
                    sql: "DELETE FROM file WHERE \(PathRange.condition(on: "path"))", arguments: arguments)
                count += db.changesCount
                try db.execute(
                    sql: "DELETE FROM root WHERE \(PathRange.condition(on: "path"))", arguments: arguments)
                try db.execute(
                    sql: "DELETE FROM volume WHERE \(PathRange.condition(on: "path"))", arguments: arguments)
            }
            return count
        }
        try removeUnusedContents()
        return count
    }

    /// Forgets what a model made: its vectors, and the copy of them that searches read.
    ///
    /// - Returns: How many vectors were forgotten.
    /// - Throws: `LibraryError`.
    @discardableResult
    public func forget(model: ModelIdentity) throws(LibraryError) -> Int {
        let count = try write { db in
            guard let record = try ModelRecord.find(model, in: db) else { return 0 }
            try db.execute(sql: "DELETE FROM embedding WHERE modelId = ?", arguments: [record.id])
            let count = db.changesCount
            try db.execute(sql: "DELETE FROM model WHERE id = ?", arguments: [record.id])
            return count
        }
        do {
            try vectorFile(of: model).remove()
        } catch {
            throw LibraryError(translating: error, at: vectorFile(of: model).path)
        }
        vectorKeepers.withLock { $0[model.fingerprint] = nil }
        return count
    }
}
