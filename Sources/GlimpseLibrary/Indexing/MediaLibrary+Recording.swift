import Foundation
import GRDB
public import GlimpseModels

extension MediaLibrary {
    /// Records what came of a batch of files, all of it or, should anything fail, nothing.
    ///
    /// Recording the same again changes nothing, so that an interrupted run can simply be repeated. A path whose content
    /// changed names the new content from then on. A file that is `known` although the library has no such content is
    /// recorded as still to be indexed.
    ///
    /// - Parameters:
    ///   - batch: Files and what came of them; a few hundred at a time are fast and lose little when interrupted.
    ///   - model: The model that made the embeddings.
    /// - Throws: `LibraryError`: `invalidVector` when an embedding is another model's or not finite, `diskFull`, `locked`.
    /// - Complexity: O(batch · log library).
    public func record(_ batch: [IndexedFile], model: ModelIdentity) throws(LibraryError) {
        for indexed in batch { try Self.check(indexed, model: model) }
        try write { db in
            let recorder = try Recorder(db, modelID: ModelRecord.findOrInsert(model, in: db).id)
            for indexed in batch { try recorder.record(indexed) }
        }
    }

    /// Forgets paths; the contents stay, so that a file that comes back under another path is not embedded again.
    ///
    /// - Returns: How many of the paths the library knew.
    /// - Throws: `LibraryError`.
    @discardableResult
    public func remove(paths: [String]) throws(LibraryError) -> Int {
        try write { db in
            let statement = try db.cachedStatement(sql: "DELETE FROM file WHERE path = ?")
            return try paths.reduce(0) { count, path in
                try statement.execute(arguments: [path])
                return count + db.changesCount
            }
        }
    }

    /// Records that a file has a content again, such as one that was moved away and back.
    ///
    /// Nothing happens when there is no such file, or the library does not know the content: indexing finds the file then.
    ///
    /// - Throws: `LibraryError`.
    public func link(path: String, to hash: ContentHash) throws(LibraryError) {
        let status: FileStatus
        do {
            status = try FileStatus(ofPath: path)
        } catch {
            if error.code == .missing { return }
            throw error
        }
        guard status.kind == .file else { return }
        try write { db in
            try db.cachedStatement(
                sql: """
                    INSERT INTO file (path, contentId, byteCount, modifiedNanoseconds, failure, recordedAt)
                    SELECT ?, id, ?, ?, NULL, ? FROM content WHERE sha256 = ?
                    ON CONFLICT (path) DO NOTHING
                    """
            ).execute(arguments: [
                path, status.byteCount, status.modifiedNanoseconds, Int64(Date().timeIntervalSince1970),
                Data(hash.bytes),
            ])
        }
    }

    private static func check(_ indexed: IndexedFile, model: ModelIdentity) throws(LibraryError) {
        guard case .embedded(_, let embedding, _) = indexed.outcome else { return }
        guard embedding.model.fingerprint == model.fingerprint, embedding.values.count == model.dimension else {
            throw LibraryError(
                .invalidVector, "a vector of model \(embedding.model.name) is recorded for model \(model.name)",
                location: indexed.file.path, remedy: "Record the vectors of each model in a batch of their own.")
        }
        guard embedding.values.allSatisfy(\.isFinite) else {
            throw LibraryError(
                .invalidVector, "model \(model.name) gave a vector with numbers that are not finite",
                location: indexed.file.path, remedy: "Check the model's files: they may be damaged.")
        }
    }
}

/// The statements that record a file, prepared once for a batch.
private struct Recorder {
    private let db: Database
    private let modelID: Int64
    private let recordedAt = Int64(Date().timeIntervalSince1970)
    private let findContent: Statement
    private let insertContent: Statement
    private let describeContent: Statement
    private let insertEmbedding: Statement
    private let upsertFile: Statement

    init(_ db: Database, modelID: Int64) throws {
        self.db = db
        self.modelID = modelID
        findContent = try db.cachedStatement(sql: "SELECT id FROM content WHERE sha256 = ?")
        insertContent = try db.cachedStatement(
            sql: "INSERT INTO content (sha256, byteCount, width, height) VALUES (?, ?, ?, ?)")
        describeContent = try db.cachedStatement(
            sql: """
                UPDATE content SET
                    mediaType = ?, format = ?, width = ?, height = ?, capturedAt = ?, camera = ?, latitude = ?,
                    longitude = ?, signature = ?, descriptionVersion = ?
                WHERE id = ?
                """)
        insertEmbedding = try db.cachedStatement(
            sql: """
                INSERT INTO embedding (contentId, modelId, vector) VALUES (?, ?, ?)
                ON CONFLICT (contentId, modelId) DO NOTHING
                """)
        upsertFile = try db.cachedStatement(
            sql: """
                INSERT INTO file (path, contentId, byteCount, modifiedNanoseconds, failure, recordedAt)
                VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT (path) DO UPDATE SET
                    contentId = excluded.contentId, byteCount = excluded.byteCount,
                    modifiedNanoseconds = excluded.modifiedNanoseconds, failure = excluded.failure,
                    recordedAt = excluded.recordedAt
                """)
    }

    func record(_ indexed: IndexedFile) throws {
        let file = indexed.file
        switch indexed.outcome {
        case .embedded(let hash, let embedding, let description):
            let contentID = try contentID(of: hash) ?? insert(hash, file.byteCount, description)
            try describe(contentID, description)
            try insertEmbedding.execute(arguments: [contentID, modelID, VectorBlob.encode(embedding.values)])
            try link(file, contentID: contentID, failure: nil)
        case .described(let hash, let description):
            let contentID = try contentID(of: hash)
            if let contentID { try describe(contentID, description) }
            try link(file, contentID: contentID, failure: nil)
        case .known(let hash):
            try link(file, contentID: contentID(of: hash), failure: nil)
        case .failed(let message):
            try link(file, contentID: nil, failure: message)
        }
    }

    private func contentID(of hash: ContentHash) throws -> Int64? {
        try Int64.fetchOne(findContent, arguments: [Data(hash.bytes)])
    }

    private func insert(_ hash: ContentHash, _ byteCount: Int64, _ description: ContentDescription) throws -> Int64 {
        try insertContent.execute(arguments: [Data(hash.bytes), byteCount, description.width, description.height])
        return db.lastInsertedRowID
    }

    private func describe(_ contentID: Int64, _ description: ContentDescription) throws {
        try describeContent.execute(
            arguments: ContentRow.arguments(description) + [ContentDescription.currentVersion, contentID])
    }

    private func link(_ file: MediaFile, contentID: Int64?, failure: String?) throws {
        try upsertFile.execute(
            arguments: [file.path, contentID, file.byteCount, file.modifiedNanoseconds, failure, recordedAt])
    }
}
