internal import GlimpseLibrary
internal import GlimpseModels

/// Hands out the files of a scan one at a time, those that need no work in bulk.
///
/// The scan is walked as workers ask, so memory does not grow with the folder.
actor IndexingQueue {
    /// What a worker gets.
    enum Item: Sendable {
        case unchanged(Int)
        case unreadable(UnreadableFile)
        case picture(MediaFile, content: ContentHash?)
    }

    private var files: FolderScanIterator
    private var pending: ArraySlice<Item> = []
    private let library: MediaLibrary
    private let model: ModelIdentity
    private let retryingFailures: Bool
    /// Files are looked up in the library this many at a time.
    private static let batch = 512

    init(_ scan: FolderScan, library: MediaLibrary, model: ModelIdentity, retryingFailures: Bool) {
        files = scan.makeIterator()
        self.library = library
        self.model = model
        self.retryingFailures = retryingFailures
    }

    /// The folders so far at which another disk is mounted.
    var mountPoints: Set<String> { files.mountPoints }

    /// The next piece of work; nil at the end.
    func next() throws -> Item? {
        while pending.isEmpty {
            guard let items = try nextBatch() else { return nil }
            pending = items[...]
        }
        return pending.popFirst()
    }

    private func nextBatch() throws -> [Item]? {
        var items: [Item] = []
        var batch: [MediaFile] = []
        while batch.count < Self.batch, !Task.isCancelled, let found = files.next() {
            switch found {
            case .success(let file): batch.append(file)
            case .failure(let error):
                items.append(.unreadable(UnreadableFile(path: error.location ?? "", message: error.message)))
            }
        }
        guard !batch.isEmpty || !items.isEmpty else { return nil }
        var unchanged = 0
        for (file, plan) in zip(batch, try library.plan(batch, model: model, retryingFailures: retryingFailures)) {
            switch plan {
            case .current: unchanged += 1
            case .failedBefore(let message):
                items.append(.unreadable(UnreadableFile(path: file.path, message: message)))
            case .needsIndexing(let content): items.append(.picture(file, content: content))
            }
        }
        if unchanged > 0 { items.append(.unchanged(unchanged)) }
        return items
    }
}
