import Foundation
import GRDB
package import GlimpseModels

extension MediaLibrary {
    /// The contents that pass a filter, each with those of its files that do.
    ///
    /// - Throws: `LibraryError`.
    /// - Complexity: O(files) time and memory.
    public func contents(passing filter: SearchFilter = SearchFilter()) throws(LibraryError) -> [LibraryContent] {
        let conditions = filter.conditions
        return try read { db in
            let selection = filter.near == nil ? nil : try filter.contents(in: db)
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT \(ContentRow.columns), content.id, content.sha256, content.byteCount,
                        file.path, file.byteCount, file.modifiedNanoseconds
                    FROM content JOIN file ON file.contentId = content.id WHERE \(conditions.text)
                    ORDER BY content.id, file.path
                    """,
                arguments: conditions.arguments)
            var contents: [LibraryContent] = []
            var files: [MediaFile] = []
            var first: Row?
            func finish() {
                if let content = first.flatMap({ LibraryContent($0, files: files) }) { contents.append(content) }
            }
            while let row = try rows.next() {
                let id: Int64 = row[ContentRow.count]
                if let selection, !selection.contains(id) { continue }
                if first?[ContentRow.count] != id {
                    finish()
                    first = row.copy()
                    files = []
                }
                files.append(MediaFile(row))
            }
            finish()
            return contents
        }
    }

    /// Some of the contents that pass a filter, those taken last first; where the camera tells no time, that of the file counts.
    ///
    /// - Parameters:
    ///   - limit: How many at most.
    ///   - offset: How many of the first are left out.
    /// - Throws: `LibraryError`.
    /// - Complexity: O(files log files) time.
    public func newestContents(
        passing filter: SearchFilter = SearchFilter(), limit: Int, offset: Int = 0
    ) throws(LibraryError) -> [LibraryContent] {
        let conditions = filter.conditions
        return try read { db in
            let selection = filter.near == nil ? nil : try filter.contents(in: db)
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT content.id, content.sha256,
                        COALESCE(content.capturedAt, MAX(file.modifiedNanoseconds) / 1000000000) AS taken
                    FROM content JOIN file ON file.contentId = content.id WHERE \(conditions.text)
                    GROUP BY content.id ORDER BY taken DESC, content.id
                    """,
                arguments: conditions.arguments)
            var hashes: [ContentHash] = []
            var skipped = 0
            while hashes.count < limit, let row = try rows.next() {
                if let selection, !selection.contains(row[0]) { continue }
                guard skipped >= offset else {
                    skipped += 1
                    continue
                }
                if let hash = ContentHash(bytes: row[1] as Data) { hashes.append(hash) }
            }
            return try hashes.compactMap { try Self.content($0, in: db) }
        }
    }

    /// The content of a hash, with its files; nil when the library has none.
    ///
    /// - Throws: `LibraryError`.
    public func content(_ hash: ContentHash) throws(LibraryError) -> LibraryContent? {
        try read { try Self.content(hash, in: $0) }
    }

    private static func content(_ hash: ContentHash, in db: Database) throws -> LibraryContent? {
        let rows = try Row.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT \(ContentRow.columns), content.id, content.sha256, content.byteCount,
                        file.path, file.byteCount, file.modifiedNanoseconds
                    FROM content JOIN file ON file.contentId = content.id WHERE content.sha256 = ?
                    ORDER BY file.path
                    """),
            arguments: [Data(hash.bytes)])
        return rows.first.flatMap { LibraryContent($0, files: rows.map(MediaFile.init)) }
    }

    /// Some of a model's vectors, evenly spread over all, and how many contents pass a filter.
    ///
    /// - Throws: `LibraryError`.
    package func sample(
        of model: ModelIdentity, limit: Int, passing filter: SearchFilter
    ) throws(LibraryError) -> (vectors: [[Float]], count: Int) {
        guard let matrix = try vectors(of: model) else { return ([], 0) }
        let count = filter.isEmpty ? matrix.count : try read { try filter.contents(in: $0).count }
        return (matrix.sample(limit: limit), count)
    }

    /// The vectors of a model where they lie; nil when nothing was recorded with it.
    ///
    /// - Throws: `LibraryError`.
    /// - Complexity: O(contents).
    package func vectorRows(of model: ModelIdentity) throws(LibraryError) -> VectorRows? {
        try vectors(of: model).map(VectorRows.init)
    }
}

/// Rows of a description and behind it content.id, content.sha256, content.byteCount, file.path, file.byteCount and
/// file.modifiedNanoseconds.
extension LibraryContent {
    fileprivate init?(_ row: Row, files: [MediaFile]) {
        guard let hash = ContentHash(bytes: row[ContentRow.count + 1] as Data) else { return nil }
        self.init(
            id: row[ContentRow.count], contentHash: hash, byteCount: row[ContentRow.count + 2],
            description: ContentRow.description(of: row), files: files)
    }
}

extension MediaFile {
    fileprivate init(_ row: Row) {
        self.init(
            path: row[ContentRow.count + 3], byteCount: row[ContentRow.count + 4],
            modifiedNanoseconds: row[ContentRow.count + 5])
    }
}

/// A model's vectors by the contents they belong to, without copies: the pointers are good for as long as the object lives.
package final class VectorRows: Sendable {
    private let matrix: VectorMatrix
    private let places: [Int64: (segment: Int, row: Int)]

    init(_ matrix: VectorMatrix) {
        self.matrix = matrix
        var places: [Int64: (segment: Int, row: Int)] = [:]
        places.reserveCapacity(matrix.count)
        for (number, segment) in matrix.segments.enumerated() {
            for row in 0..<segment.count { places[segment.contentIDs[row]] = (number, row) }
        }
        self.places = places
    }

    /// The vector of a content, [dimension]; nil when the model has not embedded it.
    package func row(ofContent id: Int64) -> UnsafePointer<Float>? {
        places[id].map { place in
            matrix.segments[place.segment].rows + place.row * VectorSegment.stride(ofDimension: matrix.dimension)
        }
    }
}
