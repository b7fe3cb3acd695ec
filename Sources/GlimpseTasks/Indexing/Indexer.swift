public import GlimpseLibrary
public import GlimpseMedia
public import GlimpseModels
internal import GlimpseTensor

/// Brings a library up to date with files and folders: what is new or changed is embedded, what is gone is forgotten.
///
/// A few workers each take a file, hash it, decode it, embed it, and hand the vector to the one ledger that writes; a worker has one
/// thread, so that all cores are busy with different pictures and none waits for another. What is recorded stays recorded: a run that
/// is cancelled or killed is continued by the next one.
public struct Indexer: Sendable {
    private let library: MediaLibrary
    private let model: ModelIdentity
    private let pictures: PictureEmbedder
    private let workerCount: Int

    /// Joins a library with a model.
    ///
    /// - Parameters:
    ///   - model: with its image tower.
    ///   - decoder: how files are read.
    ///   - workerCount: how many pictures are worked on at the same time.
    /// - Throws: `ModelError` when the image tower is not loaded.
    public init(library: MediaLibrary, model: Model, decoder: ImageDecoder = ImageDecoder(), workerCount: Int) throws {
        self.library = library
        self.model = model.identity
        self.workerCount = max(1, workerCount)
        // A model without its image tower is told now, not once a picture.
        _ = try model.preprocessor()
        pictures = PictureEmbedder(model: model, on: Compute(threads: 1), decoder: decoder)
    }

    /// Indexes everything a scan finds that the library does not have yet.
    ///
    /// - Parameters:
    ///   - scan: the files.
    ///   - retryingFailures: whether files that could not be read last time are tried again though they have not changed.
    ///   - progress: called now and then, never by two threads at once.
    /// - Returns: what was done. A file that cannot be read is in the report, not an error.
    /// - Throws: `LibraryError` when the library cannot be written (a full disk): what was recorded before is kept.
    public func run(
        _ scan: FolderScan, retryingFailures: Bool = false,
        progress: @escaping @Sendable (IndexingProgress) -> Void = { _ in }
    ) async throws -> IndexingReport {
        let total = count(scan, progress: progress)
        let queue = IndexingQueue(
            scan, library: library, model: model, retryingFailures: retryingFailures)
        let ledger = IndexingLedger(library: library, model: model, total: total, progress: progress)
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<workerCount {
                    group.addTask { try await work(queue, ledger) }
                }
                try await group.waitForAll()
            }
        } catch {
            // The other workers were stopped by the error; what they handed in before is worth keeping. Where that
            // fails, too, the first error is the one that tells why.
            try? await ledger.flush()
            throw error
        }
        try await ledger.flush()
        if !Task.isCancelled {
            try library.remember(roots: scan.folders, mountPoints: Array(await queue.mountPoints))
            await ledger.add(missing: try library.removeMissingFiles(under: scan.folders))
            try library.prepareSearch(model: model)
        }
        return await ledger.report(cancelled: Task.isCancelled)
    }

    /// Counts first, without keeping the names: the time left can be told, and memory does not grow with the folder.
    private func count(_ scan: FolderScan, progress: (IndexingProgress) -> Void) -> Int {
        var total = 0
        var lastProgress = ContinuousClock.now
        for _ in scan {
            if Task.isCancelled { break }
            total += 1
            if lastProgress.duration(to: .now) >= IndexingLedger.progressInterval {
                lastProgress = .now
                progress(IndexingProgress(phase: .counting, completed: 0, total: total, embedded: 0))
            }
        }
        return total
    }

    private func work(_ queue: IndexingQueue, _ ledger: IndexingLedger) async throws {
        while !Task.isCancelled, let item = try await queue.next() {
            switch item {
            case .unchanged(let count): await ledger.addUnchanged(count)
            case .unreadable(let file): await ledger.add(unreadable: file)
            case .picture(let file, let content):
                do {
                    try await ledger.add(await index(file, content))
                } catch let error as MediaError where error.code != .libraryUnavailable {
                    await ledger.add(unreadable: UnreadableFile(path: file.path, message: error.message))
                } catch let error as LibraryError where error.code == .unreadable || error.code == .missing {
                    await ledger.add(unreadable: UnreadableFile(path: file.path, message: error.message))
                }
            }
        }
    }

    /// Hashes, decodes and embeds a file.
    ///
    /// - Throws: what may be otherwise next time, such as a file without permission; what is wrong with the bytes of a file
    ///   is its outcome, and is remembered until they change.
    private func index(_ file: MediaFile, _ content: ContentHash?) async throws -> IndexedFile {
        let hash = try content ?? ContentHash(ofFileAt: file.path)
        let known = try library.knowledge(of: hash, model: model)
        if known.isEmbedded && known.isDescribed { return IndexedFile(file: file, outcome: .known(hash)) }
        do {
            if known.isEmbedded {
                let (header, signature) = try await pictures.describe(path: file.path)
                return IndexedFile(file: file, outcome: .described(hash, ContentDescription(header, signature)))
            }
            let picture = try await pictures.embed(path: file.path, isSigning: true)
            return IndexedFile(
                file: file,
                outcome: .embedded(hash, picture.embedding, ContentDescription(picture.header, picture.signature)))
        } catch let error as MediaError where error.isAboutContent {
            return IndexedFile(file: file, outcome: .failed(message: error.message))
        }
    }
}

extension MediaError {
    /// Whether the same bytes will fail again, whatever happens around them.
    fileprivate var isAboutContent: Bool {
        switch code {
        case .empty, .notAnImage, .truncated, .damaged, .tooLarge: true
        case .missing, .notAFile, .unreadable, .unsupportedFormat, .encodingFailed, .libraryUnavailable: false
        }
    }
}
