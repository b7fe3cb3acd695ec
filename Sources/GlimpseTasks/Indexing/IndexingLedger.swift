internal import GlimpseLibrary
internal import GlimpseModels

/// Collects what workers found, and writes it to the library in batches.
actor IndexingLedger {
    private let library: MediaLibrary
    private let model: ModelIdentity
    private let total: Int
    private let progress: @Sendable (IndexingProgress) -> Void
    private var batch: [IndexedFile] = []
    private var report = IndexingReport()
    private var lastWrite = ContinuousClock.now
    private var lastProgress: ContinuousClock.Instant?

    /// A kill loses at most this much work: so many files, or so much time.
    private static let batchLimit = 128
    private static let batchAge = Duration.seconds(2)
    /// Ten times a second is as much as anyone can read.
    static let progressInterval = Duration.milliseconds(100)

    init(
        library: MediaLibrary, model: ModelIdentity, total: Int,
        progress: @escaping @Sendable (IndexingProgress) -> Void
    ) {
        self.library = library
        self.model = model
        self.total = total
        self.progress = progress
    }

    func addUnchanged(_ count: Int) {
        report.unchanged += count
        tell()
    }

    func add(unreadable file: UnreadableFile) {
        report.unreadable.append(file)
        tell()
    }

    func add(missing: MissingFiles) { report.missing = missing }

    func add(_ file: IndexedFile) throws {
        batch.append(file)
        switch file.outcome {
        case .embedded: report.embedded += 1
        case .known: report.linked += 1
        case .described: report.described += 1
        case .failed(let message):
            report.unreadable.append(UnreadableFile(path: file.file.path, message: message))
        }
        if batch.count >= Self.batchLimit || lastWrite.duration(to: .now) >= Self.batchAge { try flush() }
        tell()
    }

    /// Writes what has been collected.
    func flush() throws {
        guard !batch.isEmpty else { return }
        try library.record(batch, model: model)
        batch = []
        lastWrite = .now
    }

    func report(cancelled: Bool) -> IndexingReport {
        progress(
            IndexingProgress(phase: .indexing, completed: report.completed, total: total, embedded: report.embedded))
        report.wasCancelled = cancelled
        return report
    }

    private func tell() {
        if let lastProgress, lastProgress.duration(to: .now) < Self.progressInterval { return }
        lastProgress = .now
        progress(
            IndexingProgress(phase: .indexing, completed: report.completed, total: total, embedded: report.embedded))
    }
}
