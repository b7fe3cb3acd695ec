public import Foundation

/// Gets model repositories from the Hugging Face hub, or a mirror of it, into the cache that its tools share.
///
/// What any of these tools has downloaded is used and not downloaded again, and they find what is downloaded here.
public struct Hub: Sendable {
    /// Where the hub and the cache are, and who is asking.
    public let settings: HubSettings
    /// How hard the hub is tried.
    public let policy: HubPolicy

    /// Describes the way to a hub; nothing is asked yet.
    public init(settings: HubSettings, policy: HubPolicy = HubPolicy()) {
        self.settings = settings
        self.policy = policy
    }

    /// Gets the chosen files of a repository at a revision.
    ///
    /// Files come four at a time. Each is checked against its digest, made durable, and only then given its name, so that a
    /// cache never holds half a file under a whole one's name. When it stops before the end (an error, a cancelled task, a
    /// killed process), what has arrived stays and the next call goes on from there. Several processes may get the same repository
    /// at once: one downloads, the others wait for it.
    ///
    /// - Parameters:
    ///   - reference: the repository and the revision.
    ///   - selection: the files that are wanted.
    ///   - progress: told of what happens, one call at a time, from any thread.
    /// - Returns: the folder of links that stands for the repository at that commit.
    /// - Throws: `HubError`; `CancellationError` when the task is cancelled; what the selection throws.
    public func snapshot(
        of reference: HubReference, files selection: HubSelection = .all,
        progress: @escaping @Sendable (HubProgress) -> Void = { _ in }
    ) async throws -> HubSnapshot {
        let cache = RepositoryCache(root: settings.cache, reference: reference)
        let ledger = ProgressLedger(progress)
        if settings.isOffline { return try cachedSnapshot(of: reference, selection, in: cache) }
        ledger.tell(.listing)
        return try await Transport.with(settings, policy) { transport in
            let listing = try await transport.listing(of: reference, ledger)
            let chosen: [HubFile]
            do {
                chosen = try selection.files(of: listing.files)
            } catch let error as HubError where error.code == .missingFile {
                throw HubError(.missingFile, error.message, at: "\(reference)", remedy: error.remedy)
            }
            try await download(chosen, at: listing.commit, to: cache, through: transport, ledger)
            try cache.record(listing.commit)
            ledger.tell(.finished)
            return HubSnapshot(
                reference: reference, commit: listing.commit, files: chosen,
                folder: URL(filePath: cache.snapshotPath(listing.commit), directoryHint: .isDirectory))
        }
    }

    private func cachedSnapshot(
        of reference: HubReference, _ selection: HubSelection, in cache: RepositoryCache
    ) throws -> HubSnapshot {
        let listing = try cache.listing(limits: policy.limits)
        do {
            return HubSnapshot(
                reference: reference, commit: listing.commit, files: try selection.files(of: listing.files),
                folder: URL(filePath: cache.snapshotPath(listing.commit), directoryHint: .isDirectory))
        } catch let error as HubError where error.code == .missingFile {
            throw cache.notCached("is not complete in the cache (\(error.message))")
        }
    }

    /// Downloads what is not here, then links everything.
    private func download(
        _ files: [HubFile], at commit: String, to cache: RepositoryCache, through transport: Transport,
        _ ledger: ProgressLedger
    ) async throws {
        try cache.prepare()
        let missing = Set(try files.filter { !(try cache.has($0, at: commit)) })
        // Files of the same content are one blob.
        let jobs = try Dictionary(
            missing.map { file in
                let job = try BlobDownload(of: file, at: commit, in: cache, through: transport, ledger)
                return (job.name, job)
            }, uniquingKeysWith: { first, _ in first })
        try cache.checkSpace(for: jobs.values.reduce(0) { $0 + $1.missingBytes })
        let present = Set(files).subtracting(missing).reduce(0) { $0 + $1.size }
        ledger.begin(
            completed: present + jobs.values.reduce(0) { $0 + $1.leftBytes },
            total: present + jobs.values.reduce(0) { $0 + $1.file.size })
        let blobs = try await run(Array(jobs.values))
        for file in files {
            // Without a digest only a new download knows its blob; what was here is linked already.
            guard let blob = file.digest?.hexadecimal ?? blobs[file.name] else { continue }
            try cache.link(file, at: commit, to: blob)
        }
    }

    /// Runs downloads, some at a time, the largest first so that none is left alone at the end.
    ///
    /// - Returns: the blobs' names by file.
    private func run(_ jobs: [BlobDownload]) async throws -> [String: String] {
        var waiting = jobs.sorted { ($0.missingBytes, $0.name) > ($1.missingBytes, $1.name) }.makeIterator()
        return try await withThrowingTaskGroup(of: (file: String, blob: String).self) { group in
            func startNext() {
                guard let job = waiting.next() else { return }
                group.addTask { (job.file.name, try await job.run()) }
            }
            for _ in 0..<max(1, policy.parallelDownloads) { startNext() }
            var blobs: [String: String] = [:]
            while let (file, blob) = try await group.next() {
                blobs[file] = blob
                startNext()
            }
            return blobs
        }
    }
}

/// A repository at one commit, in the cache.
public struct HubSnapshot: Hashable, Sendable {
    /// What was asked for.
    public let reference: HubReference
    /// The commit that the revision stands for.
    public let commit: String
    /// The chosen files, all of which are here.
    public let files: [HubFile]
    /// The folder, in which they have the names of the repository. It may hold more files, which others have asked for.
    public let folder: URL

    /// Where a file of the snapshot is.
    public func url(of file: HubFile) -> URL {
        folder.appending(path: file.name, directoryHint: .notDirectory)
    }
}
