import Foundation
import GRDB
public import GlimpseModels

extension MediaLibrary {
    /// Says what each file needs so that the library is up to date with it, for one model.
    ///
    /// A file counts as unchanged while its length and modification time are the same.
    ///
    /// - Parameters:
    ///   - files: Files as a scan found them; some hundreds at a time keep other work flowing.
    ///   - model: The model whose vectors are wanted.
    ///   - retryingFailures: Whether files that could not be decoded are to be tried again though they have not changed.
    /// - Returns: The plans, in the order of the files.
    /// - Throws: `LibraryError`.
    /// - Complexity: O(files · log library).
    public func plan(
        _ files: [MediaFile], model: ModelIdentity, retryingFailures: Bool = false
    ) throws(LibraryError) -> [FilePlan] {
        try read { db in
            let modelID = try ModelRecord.find(model, in: db)?.id
            let statement = try db.cachedStatement(
                sql: """
                    SELECT file.byteCount, file.modifiedNanoseconds, file.failure, content.sha256, embedding.id,
                        content.descriptionVersion
                    FROM file
                    LEFT JOIN content ON content.id = file.contentId
                    LEFT JOIN embedding ON embedding.contentId = file.contentId AND embedding.modelId = ?
                    WHERE file.path = ?
                    """)
            return try files.map { file in
                guard
                    let row = try Row.fetchOne(statement, arguments: [modelID, file.path]),
                    row[0] == file.byteCount, row[1] == file.modifiedNanoseconds
                else { return .needsIndexing(content: nil) }
                if let message: String = row[2] {
                    return retryingFailures ? .needsIndexing(content: nil) : .failedBefore(message: message)
                }
                if !row.hasNull(atIndex: 4), row[5] >= ContentDescription.currentVersion { return .current }
                let digest: Data? = row[3]
                return .needsIndexing(content: digest.flatMap { ContentHash(bytes: $0) })
            }
        }
    }

    /// What the library has of a content, for one model.
    ///
    /// - Throws: `LibraryError`.
    /// - Complexity: O(log library).
    public func knowledge(
        of content: ContentHash, model: ModelIdentity
    ) throws(LibraryError) -> (isEmbedded: Bool, isDescribed: Bool) {
        try read { db in
            let modelID = try ModelRecord.find(model, in: db)?.id
            let statement = try db.cachedStatement(
                sql: """
                    SELECT embedding.id IS NOT NULL, content.descriptionVersion >= ?
                    FROM content LEFT JOIN embedding ON embedding.contentId = content.id AND embedding.modelId = ?
                    WHERE content.sha256 = ?
                    """)
            let row = try Row.fetchOne(
                statement, arguments: [ContentDescription.currentVersion, modelID, Data(content.bytes)])
            return row.map { (isEmbedded: $0[0], isDescribed: $0[1]) } ?? (false, false)
        }
    }
}
