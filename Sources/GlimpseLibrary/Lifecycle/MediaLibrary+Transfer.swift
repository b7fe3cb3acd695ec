import Foundation
import GRDB
import GlimpseModels

extension MediaLibrary {
    /// Visits everything that was indexed, a content at a time, in one unchanging state of the library.
    ///
    /// - Throws: `LibraryError`; what `body` throws.
    /// - Complexity: O(library) time, constant memory.
    public func exportRecords(_ body: (LibraryRecord) throws -> Void) throws {
        // Kept aside, so that it is not taken for an error of the database.
        var failure: (any Error)?
        try read { db in
            let contents = try Row.fetchCursor(
                db,
                sql: """
                    SELECT \(ContentRow.columns), content.id, content.sha256, content.byteCount, content.descriptionVersion
                    FROM content ORDER BY content.id
                    """)
            let files = try db.makeStatement(
                sql: "SELECT path, byteCount, modifiedNanoseconds FROM file WHERE contentId = ? ORDER BY path")
            let vectors = try db.makeStatement(
                sql: """
                    SELECT model.name, model.fingerprint, embedding.vector
                    FROM embedding JOIN model ON model.id = embedding.modelId WHERE contentId = ? ORDER BY modelId
                    """)
            while let row = try contents.next() {
                let exported = try Self.exported(row, files: files, vectors: vectors)
                do {
                    try body(exported)
                } catch {
                    failure = error
                    return
                }
            }
        }
        if let failure { throw failure }
    }

    /// A content as it is exported, with the statements that find its files and vectors.
    private static func exported(_ row: Row, files: Statement, vectors: Statement) throws -> LibraryRecord {
        let id: Int64 = row[9]
        let description = ContentRow.description(of: row)
        return LibraryRecord(
            sha256: ContentHash(bytes: row[10] as Data)?.description ?? "", byteCount: row[11],
            mediaType: description.mediaType, format: description.format, width: description.width,
            height: description.height, capturedAt: description.capturedAt, camera: description.camera,
            place: description.place, signature: description.signature, descriptionVersion: row[12],
            files: try Row.fetchAll(files, arguments: [id]).map {
                LibraryRecord.File(path: $0[0], byteCount: $0[1], modifiedNanoseconds: $0[2])
            },
            vectors: try Row.fetchAll(vectors, arguments: [id]).map {
                LibraryRecord.Vector(model: $0[0], fingerprint: $0[1], values: $0[2])
            })
    }

    /// Adds what another library exported. What is here already stays as it is.
    ///
    /// - Parameter records: Some hundreds at a time; all of them are added, or, should anything fail, none.
    /// - Returns: How many vectors were new.
    /// - Throws: `LibraryError`: `invalidRecord` for numbers and paths that cannot be, `invalidVector` for vectors.
    @discardableResult
    public func importRecords(_ records: [LibraryRecord]) throws(LibraryError) -> Int {
        try write { db in
            try records.reduce(0) { count, record in try count + Self.add(record, in: db) }
        }
    }

    private static func add(_ record: LibraryRecord, in db: Database) throws -> Int {
        let hash = try record.validatedHash()
        let description = ContentDescription(
            mediaType: record.mediaType, format: record.format, width: record.width, height: record.height,
            capturedAt: record.capturedAt, camera: record.camera, place: record.place, signature: record.signature)
        try db.execute(
            sql: """
                INSERT OR IGNORE INTO content (mediaType, format, width, height, capturedAt, camera, latitude, longitude,
                    signature, sha256, byteCount, descriptionVersion)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: ContentRow.arguments(description) + [
                Data(hash.bytes), record.byteCount, record.descriptionVersion,
            ])
        let contentID = try Int64.fetchOne(
            db, sql: "SELECT id FROM content WHERE sha256 = ?", arguments: [Data(hash.bytes)])
        for file in record.files {
            try db.execute(
                sql: """
                    INSERT OR IGNORE INTO file (path, contentId, byteCount, modifiedNanoseconds, recordedAt)
                    VALUES (?, ?, ?, ?, ?)
                    """,
                arguments: [
                    file.path, contentID, file.byteCount, file.modifiedNanoseconds,
                    Int64(Date().timeIntervalSince1970),
                ])
        }
        return try record.vectors.reduce(0) { count, vector in
            try count + Self.add(vector, of: record, contentID: contentID, in: db)
        }
    }

    /// Adds a vector; returns how many were new: one or none.
    private static func add(
        _ vector: LibraryRecord.Vector, of record: LibraryRecord, contentID: Int64?, in db: Database
    ) throws -> Int {
        let byteCount = vector.values.count
        let model = ModelIdentity(
            name: vector.model, fingerprint: vector.fingerprint,
            dimension: byteCount / MemoryLayout<Float>.stride)
        func invalid(_ message: String) -> LibraryError {
            LibraryError(
                .invalidVector, "a vector of model \(vector.model) \(message)", location: record.files.first?.path)
        }
        guard model.dimension > 0, byteCount.isMultiple(of: MemoryLayout<Float>.stride) else {
            throw invalid("with \(byteCount) bytes, expected 4 for each of its numbers")
        }
        var values = [Float](repeating: 0, count: model.dimension)
        try values.withUnsafeMutableBufferPointer { try VectorBlob.decode(vector.values, into: $0) }
        guard values.allSatisfy(\.isFinite) else { throw invalid("with numbers that are not finite") }
        try db.execute(
            sql: "INSERT OR IGNORE INTO embedding (contentId, modelId, vector) VALUES (?, ?, ?)",
            arguments: [contentID, ModelRecord.findOrInsert(model, in: db).id, vector.values])
        return db.changesCount
    }
}
