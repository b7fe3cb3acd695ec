import Foundation
import GlimpseLibrary
import GlimpseModels
import GlimpseTasks

/// What the library holds, as clients are told.
struct LibraryStatus: Encodable, Hashable, Sendable {
    /// What there is of a model.
    struct ModelStatus: Encodable, Hashable, Sendable {
        let name: String
        let fingerprint: String
        let embeddingCount: Int
    }

    let folder: String
    let roots: [String]
    let fileCount: Int
    let contentCount: Int
    let failureCount: Int
    let contentByteCount: Int64
    let databaseByteCount: Int64
    let isIndexing: Bool
    let isReadOnly: Bool
    let models: [ModelStatus]

    init(_ statistics: LibraryStatistics, folder: URL, roots: [String], isIndexing: Bool, isReadOnly: Bool) {
        self.folder = folder.path(percentEncoded: false)
        self.roots = roots
        fileCount = statistics.fileCount
        contentCount = statistics.contentCount
        failureCount = statistics.failureCount
        contentByteCount = statistics.contentByteCount
        databaseByteCount = statistics.databaseByteCount
        self.isIndexing = isIndexing
        self.isReadOnly = isReadOnly
        models = statistics.models.map {
            ModelStatus(name: $0.model.name, fingerprint: $0.model.fingerprint, embeddingCount: $0.embeddingCount)
        }
    }
}

/// How far a run is, as clients are told.
struct ProgressReport: Encodable, Hashable, Sendable {
    let phase: String
    let completed: Int
    let total: Int
    let embedded: Int

    init(_ progress: IndexingProgress) {
        phase =
            switch progress.phase {
            case .counting: "scanning"
            case .indexing: "indexing"
            }
        completed = progress.completed
        total = progress.total
        embedded = progress.embedded
    }
}

/// What came of a run, as clients are told.
struct IndexingOutcome: Encodable, Sendable {
    let embedded: Int
    let unchanged: Int
    let unreadable: Int
    let removed: Int
    @Nullable var error: String?

    init(_ report: IndexingReport) {
        embedded = report.embedded
        unchanged = report.unchanged + report.linked + report.described
        unreadable = report.unreadable.count
        removed = report.missing.gone
        error = report.wasCancelled ? "stopped before the end" : nil
    }

    init(_ failure: any Error) {
        (embedded, unchanged, unreadable, removed) = (0, 0, 0, 0)
        error = ServerError(telling: failure)?.message ?? "the library could not be brought up to date"
    }
}
