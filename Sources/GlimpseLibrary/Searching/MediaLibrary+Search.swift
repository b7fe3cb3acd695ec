import Foundation
import GRDB
public import GlimpseModels
import Synchronization

extension MediaLibrary {
    /// Candidates beyond the limit, so that equal scores at its edge are settled by path.
    private static let tieAllowance = 64

    /// The pictures nearest to a query, by comparing every one.
    ///
    /// Each content comes once, however many files have it; contents that no file has any more are left out. Equal scores
    /// come in the order of their paths (where more than 64 equal scores straddle the limit, those recorded first are kept).
    ///
    /// - Parameters:
    ///   - query: An embedding of text or picture by the model whose vectors are to be searched.
    ///   - limit: The largest number of matches.
    ///   - filter: What pictures must be besides; it is applied first, so that the best of those that pass are found.
    /// - Returns: The matches, best first; none when nothing was recorded with the model.
    /// - Throws: `LibraryError`.
    /// - Complexity: O(contents · dimension); the first search also reads the vectors that are not in their file yet. A filter
    ///   looks at every file once more.
    public func search(
        _ query: Embedding, limit: Int, filter: SearchFilter = SearchFilter()
    ) throws(LibraryError) -> [SearchMatch] {
        guard limit > 0, let matrix = try vectors(of: query.model) else { return [] }
        let selection = filter.isEmpty ? nil : try read { try filter.contents(in: $0) }
        let paths = filter.pathConditions
        var candidateCount = limit.addingReportingOverflow(Self.tieAllowance).partialValue
        if candidateCount < 0 { candidateCount = .max }
        while true {
            let candidates = matrix.best(for: query.values, limit: candidateCount, among: selection)
            let matches = try read { db in try candidates.compactMap { try Self.match($0, paths, in: db) } }
            if matches.count >= limit || candidates.count < candidateCount {
                return Array(matches.sorted(by: SearchMatch.isBetter).prefix(limit))
            }
            // Contents without files took places: more candidates are needed.
            candidateCount = candidates.count * 4
        }
    }

    /// The vector the library has of a file; nil when the path is unknown or the model has not embedded its content.
    ///
    /// - Parameters:
    ///   - path: A path as a scan gives it (see `MediaPath`).
    ///   - model: The model whose vector is wanted.
    /// - Throws: `LibraryError`.
    public func embedding(forPath path: String, model: ModelIdentity) throws(LibraryError) -> Embedding? {
        try embedding(model, where: "content.id = (SELECT contentId FROM file WHERE path = ?)", path)
    }

    /// The vector the library has of a content; nil when there is none of this model.
    ///
    /// - Throws: `LibraryError`.
    public func embedding(forContent hash: ContentHash, model: ModelIdentity) throws(LibraryError) -> Embedding? {
        try embedding(model, where: "content.sha256 = ?", Data(hash.bytes))
    }

    private func embedding(
        _ model: ModelIdentity, where condition: String, _ argument: any DatabaseValueConvertible
    ) throws(LibraryError) -> Embedding? {
        try read { db in
            guard let modelID = try ModelRecord.find(model, in: db)?.id else { return nil }
            let blob = try Data.fetchOne(
                db.cachedStatement(
                    sql: """
                        SELECT vector FROM embedding JOIN content ON content.id = embedding.contentId
                        WHERE modelId = ? AND \(condition)
                        """),
                arguments: [modelID, argument])
            guard let blob else { return nil }
            var values = [Float](repeating: 0, count: model.dimension)
            try values.withUnsafeMutableBufferPointer { try VectorBlob.decode(blob, into: $0) }
            return Embedding(normalizing: values, model: model)
        }
    }

    /// Brings what searches read up to date, so that the next one, in whichever process, starts at once.
    ///
    /// - Throws: `LibraryError`.
    /// - Complexity: O(new contents), now and then O(contents).
    public func prepareSearch(model: ModelIdentity) throws(LibraryError) {
        _ = try vectors(of: model, isTidying: true)
    }

    /// The vectors of a model, up to date; nil when nothing was recorded with it.
    func vectors(of model: ModelIdentity, isTidying: Bool = false) throws(LibraryError) -> VectorMatrix? {
        try read { db in
            guard let record = try ModelRecord.find(model, in: db) else { return nil }
            let keeper = vectorKeepers.withLock { keepers in
                if let keeper = keepers[model.fingerprint] { return keeper }
                let keeper = VectorKeeper(file: vectorFile(of: model))
                keepers[model.fingerprint] = keeper
                return keeper
            }
            return try keeper.matrix(StoredVectors(db, model: record, dimension: model.dimension), isTidying: isTidying)
        }
    }

    /// Where a copy of the model's vectors is kept for scanning.
    func vectorFile(of model: ModelIdentity) -> VectorFile {
        VectorFile(
            folder: folder.appending(path: "vectors").path(percentEncoded: false), library: identity,
            modelFingerprint: model.fingerprint, dimension: model.dimension)
    }

    /// Completes a candidate; nil when no file that passes has the content any more.
    private static func match(
        _ candidate: (contentID: Int64, score: Float), _ conditions: SQLConditions, in db: Database
    ) throws -> SearchMatch? {
        let findPaths = try db.cachedStatement(
            sql: "SELECT path FROM file WHERE contentId = ? AND \(conditions.text) ORDER BY path")
        let paths = try String.fetchAll(
            findPaths, arguments: [candidate.contentID] + conditions.arguments)
        let findContent = try db.cachedStatement(
            sql: "SELECT sha256, \(ContentRow.columns) FROM content WHERE id = ?")
        guard
            !paths.isEmpty, let row = try Row.fetchOne(findContent, arguments: [candidate.contentID]),
            let hash = ContentHash(bytes: row[0] as Data)
        else { return nil }
        return SearchMatch(
            paths: paths, score: min(1, max(-1, candidate.score)), contentHash: hash,
            description: ContentRow.description(of: row, from: 1))
    }
}
