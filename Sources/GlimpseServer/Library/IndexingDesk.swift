import Foundation
import GlimpseLibrary
import GlimpseMedia
import GlimpseModels
import GlimpseTasks
import NIOPosix

/// Brings the library up to date when somebody asks, one run at a time, and tells those who listen how it goes.
actor IndexingDesk {
    /// What listeners are told.
    enum Event: Sendable {
        /// What the library holds, at the start and after every change.
        case status(LibraryStatus)
        /// How far a run is.
        case progress(IndexingProgress)
        /// What came of a run.
        case finished(IndexingOutcome)
        /// Nothing: that the connection is still there.
        case pulse
    }

    private let library: MediaLibrary
    private let models: ModelPool
    private let threads: ServerThreads
    private let executor: PoolExecutor
    private let isReadOnly: Bool
    private var work: Task<Void, Never>?
    private var listeners: [UUID: AsyncStream<Event>.Continuation] = [:]
    private var watch: Task<Void, Never>?
    private var lastStatus: LibraryStatus?

    /// How often listeners are told of what other processes do to the library.
    private static let statusInterval: Duration = .seconds(2)

    init(library: MediaLibrary, models: ModelPool, threads: ServerThreads, isReadOnly: Bool) {
        self.library = library
        self.models = models
        self.threads = threads
        executor = PoolExecutor(threads.indexing)
        self.isReadOnly = isReadOnly
    }

    /// Whether a run is under way.
    var isIndexing: Bool { work != nil }

    /// What the library holds.
    func status() async throws -> LibraryStatus {
        let (statistics, roots) = try await threads.library.runIfActive { [library] in
            (try library.statistics(), try library.roots())
        }
        return LibraryStatus(
            statistics, folder: library.folder, roots: roots, isIndexing: isIndexing, isReadOnly: isReadOnly)
    }

    /// Begins to bring the library's folders up to date.
    ///
    /// - Throws: `ServerError` when that is under way, when it is not allowed, or when there are no folders.
    func start() async throws {
        guard !isReadOnly else { throw ServerError.readOnly }
        guard work == nil else { throw ServerError(.busy, "the library is being brought up to date already") }
        let roots = try await threads.library.runIfActive { [library] in
            try library.roots().filter(FileManager.default.fileExists(atPath:))
        }
        // Another request may have begun meanwhile.
        guard work == nil else { throw ServerError(.busy, "the library is being brought up to date already") }
        guard !roots.isEmpty else {
            throw ServerError(
                .invalidInput, "the library has no folders that are there", remedy: "run: glimpse index FOLDER")
        }
        // What listeners hear comes in order: all progress before the outcome.
        let (steps, progress) = AsyncStream.makeStream(of: IndexingProgress.self, bufferingPolicy: .bufferingNewest(1))
        let told = Task { for await step in steps { tell(.progress(step)) } }
        work = Task(executorPreference: executor) { [library, models, threads] in
            let outcome: IndexingOutcome
            do {
                // The model stays in memory for as long as it is worked with.
                let engine = try await models.engine(nil)
                await engine.hold()
                defer { Task { await engine.release() } }
                let indexer = try Indexer(
                    library: library, model: engine.model, workerCount: threads.indexingCount)
                outcome = IndexingOutcome(
                    try await indexer.run(FolderScan(roots: roots)) { progress.yield($0) })
            } catch {
                outcome = IndexingOutcome(error)
            }
            progress.finish()
            await told.value
            await self.finish(outcome)
        }
        await tellStatus()
    }

    /// Ends the run that is under way; what is recorded stays.
    func stop() {
        work?.cancel()
    }

    /// What happens from now on, the present status first.
    ///
    /// - Throws: `LibraryError` when the library cannot be read.
    func events() async throws -> AsyncStream<Event> {
        let status = try await status()
        let id = UUID()
        let (stream, continuation) = AsyncStream.makeStream(of: Event.self, bufferingPolicy: .bufferingNewest(64))
        continuation.onTermination = { _ in Task { await self.leave(id) } }
        listeners[id] = continuation
        lastStatus = status
        continuation.yield(.status(status))
        if watch == nil { watch = Task { await self.follow() } }
        return stream
    }

    /// Ends all streams and the run that is under way, as the server ends. After it, nothing of this writes to the library.
    func close() async {
        for listener in listeners.values { listener.finish() }
        listeners = [:]
        watch?.cancel()
        work?.cancel()
        await work?.value
    }

    private func leave(_ id: UUID) {
        listeners[id] = nil
        guard listeners.isEmpty else { return }
        watch?.cancel()
        watch = nil
    }

    /// Other processes may index at the same time: their changes are looked for while somebody listens.
    private func follow() async {
        var quiet = 0
        while !Task.isCancelled {
            do { try await Task.sleep(for: Self.statusInterval) } catch { return }
            await tellStatus()
            quiet += 1
            // A connection that is silent for long is cut by what lies between.
            if quiet.isMultiple(of: 8) { tell(.pulse) }
        }
    }

    private func finish(_ outcome: IndexingOutcome) async {
        work = nil
        tell(.finished(outcome))
        await tellStatus()
    }

    private func tellStatus() async {
        // A library that cannot be read at the moment is looked at again in two seconds; who asks for it is told why.
        guard !listeners.isEmpty, let status = try? await status(), status != lastStatus else { return }
        lastStatus = status
        tell(.status(status))
    }

    private func tell(_ event: Event) {
        for listener in listeners.values { listener.yield(event) }
    }
}
