public import Foundation
import GRDB
public import GlimpseModels

/// How much there is in a library.
public struct LibraryStatistics: Hashable, Sendable {
    /// Files with known content, by path.
    public let fileCount: Int
    /// Different contents among those files.
    public let contentCount: Int
    /// Files that could not be decoded.
    public let failureCount: Int
    /// The length of those different contents together, in bytes.
    public let contentByteCount: Int64
    /// The length of the database itself, in bytes.
    public let databaseByteCount: Int64
    /// How many contents each model has embedded, by the name of the model.
    public let models: [ModelStatistics]

    /// How much there is of a model.
    public struct ModelStatistics: Hashable, Sendable {
        /// The model.
        public let model: ModelIdentity
        /// The contents it has embedded.
        public let embeddingCount: Int
    }
}

/// A file that could not be decoded.
public struct FailedFile: Hashable, Sendable {
    /// The file as it was then.
    public let file: MediaFile
    /// Why it could not be decoded.
    public let message: String
    /// When it was tried.
    public let recordedAt: Date
}

extension MediaLibrary {
    /// Counts what is in the library.
    ///
    /// - Throws: `LibraryError`.
    /// - Complexity: O(files + embeddings): some milliseconds for every 100,000.
    public func statistics() throws(LibraryError) -> LibraryStatistics {
        try read { db in
            let contents = try Row.fetchOne(
                db,
                sql: """
                    SELECT COUNT(*), COALESCE(SUM(byteCount), 0) FROM content
                    WHERE EXISTS (SELECT 1 FROM file WHERE file.contentId = content.id)
                    """)
            let models = try Row.fetchAll(
                db,
                sql: """
                    SELECT name, fingerprint, dimension,
                        (SELECT COUNT(*) FROM embedding WHERE modelId = model.id)
                    FROM model ORDER BY name, fingerprint
                    """)
            return LibraryStatistics(
                fileCount: try Self.count(db, "SELECT COUNT(*) FROM file WHERE contentId IS NOT NULL"),
                contentCount: contents?[0] ?? 0,
                failureCount: try Self.count(db, "SELECT COUNT(*) FROM file WHERE failure IS NOT NULL"),
                contentByteCount: contents?[1] ?? 0,
                databaseByteCount: Int64(try Self.count(db, "PRAGMA page_count"))
                    * Int64(try Self.count(db, "PRAGMA page_size")),
                models: models.map { row in
                    LibraryStatistics.ModelStatistics(
                        model: ModelIdentity(name: row[0], fingerprint: row[1], dimension: row[2]),
                        embeddingCount: row[3])
                })
        }
    }

    /// The files that could not be decoded, in the order of their paths.
    ///
    /// - Throws: `LibraryError`.
    public func failures() throws(LibraryError) -> [FailedFile] {
        try read { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT path, byteCount, modifiedNanoseconds, failure, recordedAt FROM file
                    WHERE failure IS NOT NULL ORDER BY path
                    """)
            return rows.map { row in
                FailedFile(
                    file: MediaFile(path: row[0], byteCount: row[1], modifiedNanoseconds: row[2]), message: row[3],
                    recordedAt: Date(timeIntervalSince1970: row[4]))
            }
        }
    }

    private static func count(_ db: Database, _ sql: String) throws -> Int { try Int.fetchOne(db, sql: sql) ?? 0 }
}
