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
                    SELECT file.byteCount, file.modifiedNanoseconds, file.failure, content.sha256, embedding.id
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
                if row.hasNull(atIndex: 4) {
                    let digest: Data? = row[3]
                    return .needsIndexing(content: digest.flatMap { ContentHash(bytes: $0) })
                }
                return .current
            }
        }
    }

    /// Which of these contents the model has embedded already, under whatever path.
    ///
    /// - Throws: `LibraryError`.
    /// - Complexity: O(contents · log library).
    public func embeddedContents(
        among contents: [ContentHash], model: ModelIdentity
    ) throws(LibraryError) -> Set<ContentHash> {
        try read { db in
            guard let modelID = try ModelRecord.find(model, in: db)?.id else { return [] }
            let statement = try db.cachedStatement(
                sql: """
                    SELECT 1 FROM content JOIN embedding ON embedding.contentId = content.id
                    WHERE content.sha256 = ? AND embedding.modelId = ?
                    """)
            return try Set(
                contents.filter { try Bool.fetchOne(statement, arguments: [Data($0.bytes), modelID]) ?? false })
        }
    }
}
