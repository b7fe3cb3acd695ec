public import Foundation
public import GlimpseLibrary

/// Does what a plan says, and can undo it.
///
/// Nothing is deleted: files are moved, put into the trash, or become links to equal bytes. Each file and the one that is kept are read once
/// more before anything happens to it, and every change is in a journal beside the library first.
///
/// What is the matter with one file is told as its obstacle, and the others follow. What is the matter with the journal or the library ends
/// the run with an error; every file that something happened to has been told of by then.
public struct DuplicateRemover {
    /// What came of a file.
    public struct Outcome: Sendable {
        /// The file.
        public let path: String
        /// Why nothing happened to it; nil when something did.
        public let obstacle: String?

        /// Tells of a file.
        public init(path: String, obstacle: String?) {
            self.path = path
            self.obstacle = obstacle
        }
    }

    private let library: MediaLibrary
    private let journal: DuplicateJournal
    private let trash: Trash

    /// Works on the files of a library; the journal is kept beside it.
    ///
    /// - Parameter environment: says where the user's trash is (`XDG_DATA_HOME`).
    public init(
        library: MediaLibrary, environment: [String: String] = ProcessInfo.processInfo.environment
    ) {
        self.init(library: library, environment: environment, writer: .system)
    }

    /// The same.
    ///
    /// - Parameter writer: writes the journal, and what the trash notes of files.
    package init(library: MediaLibrary, environment: [String: String], writer: FileWriter) {
        self.library = library
        trash = Trash(environment: environment, writer: writer)
        journal = DuplicateJournal(
            path: library.folder.appending(path: "duplicates-journal.jsonl").path(percentEncoded: false),
            writer: writer)
    }

    /// Where the journal is.
    public var journalPath: String { journal.path }

    /// Carries out a plan.
    ///
    /// - Parameter report: told of each file, in the order of the plan, as soon as it is clear what comes of it.
    /// - Throws: `TaskError` `unwritableJournal`, before anything more is changed; `LibraryError` when the library cannot be written;
    ///   `CancellationError` between two files. Files that were not told of are where they were.
    public func perform(
        _ plan: DuplicatePlan, _ action: DuplicateAction, report: (Outcome) -> Void = { _ in }
    ) throws {
        let run = UUID().uuidString
        for entry in plan.entries {
            try Task.checkCancellation()
            try perform(entry, action, run: run, report: report)
        }
    }

    /// Whether there is something that `undo` would undo.
    ///
    /// - Throws: `TaskError` `unreadableJournal`.
    public func canUndo(only action: DuplicateAction? = nil) throws -> Bool { try !pending(action).isEmpty }

    private func pending(_ action: DuplicateAction?) throws -> [DuplicateJournal.Record] {
        try journal.pending().filter { record in action.map { $0.name == record.action } ?? true }
    }

    /// Undoes what the last command did that is not undone yet, the last change first; the library knows the files again.
    ///
    /// A file that is gone from both places, because the trash was emptied, is told of once and then left alone. A link gets bytes of its own
    /// with the times and permissions that the file had, but not its extended attributes.
    ///
    /// - Parameters:
    ///   - action: what is to be undone, where only one kind of change is meant.
    ///   - report: told of each file as soon as it is clear what comes of it; never when there is nothing to undo.
    /// - Throws: `TaskError` `unreadableJournal`, or `unwritableJournal` before anything more is changed; `LibraryError` when the library
    ///   cannot be written. To undo again goes on where it ended.
    public func undo(only action: DuplicateAction? = nil, report: (Outcome) -> Void = { _ in }) throws {
        let pending = try pending(action)
        guard let run = pending.last?.run else { return }
        for record in pending.reversed() where record.run == run { try undo(record, report: report) }
    }

    private func perform(
        _ entry: DuplicatePlan.Entry, _ action: DuplicateAction, run: String, report: (Outcome) -> Void
    ) throws {
        let path = entry.surplus.path
        let record: DuplicateJournal.Record
        do throws(FileSystemError) {
            // Before the file is read, which changes its time of access.
            let surplus = try FileState(of: path)
            try check(entry, surplus, action)
            record = try announcement(of: entry, surplus, action, run: run)
        } catch {
            return report(Outcome(path: path, obstacle: error.description))
        }
        do {
            try journal.append(record)
        } catch {
            if action == .trash { trash.release(record.place) }
            throw error
        }
        do throws(FileSystemError) {
            try carryOut(record, action)
        } catch {
            report(Outcome(path: path, obstacle: error.description))
            if action == .trash { trash.release(record.place) }
            return try journal.append(record.with(.undone))
        }
        report(Outcome(path: path, obstacle: nil))
        try settle(record.with(.done)) {
            guard action != .link else { return }
            try library.remove(paths: [path])
        }
    }

    /// Both files are what the library thinks, and not one file under two names.
    private func check(
        _ entry: DuplicatePlan.Entry, _ surplus: FileState, _ action: DuplicateAction
    ) throws(FileSystemError) {
        if action == .link, entry.kept.picture.contentHash != entry.surplus.picture.contentHash {
            throw FileSystemError(message: "its bytes are not those of \(entry.kept.path): it cannot become a link")
        }
        // Where it leads to may depend on where it is, and it could not be made again from the bytes.
        guard !surplus.isSymbolicLink else { throw FileSystemError(message: "it is a symbolic link") }
        for file in [entry.kept, entry.surplus] {
            guard try ContentHash.reading(file.path) == file.picture.contentHash else {
                throw FileSystemError(message: "\(file.path) has changed since it was indexed")
            }
        }
        guard try FileState(of: entry.kept.path, followingLinks: true).identity != surplus.identity else {
            throw FileSystemError(message: "it is \(entry.kept.path) under another name already")
        }
    }

    /// What the journal says before anything happens. In the trash the place is taken from now on.
    private func announcement(
        of entry: DuplicatePlan.Entry, _ surplus: FileState, _ action: DuplicateAction, run: String
    ) throws(FileSystemError) -> DuplicateJournal.Record {
        let path = entry.surplus.path
        let place: String
        switch action {
        case .link: place = entry.kept.path
        case .move(let folder): place = Self.freePlace(folder.path(percentEncoded: false) + path)
        case .trash: place = try trash.place(for: path)
        }
        return DuplicateJournal.Record(
            run: run, time: Int64(Date().timeIntervalSince1970), action: action.name, original: path, place: place,
            kept: entry.kept.path, sha256: entry.surplus.picture.contentHash.description,
            attributes: action == .link ? surplus.attributes : nil, state: .begun)
    }

    private func carryOut(_ record: DuplicateJournal.Record, _ action: DuplicateAction) throws(FileSystemError) {
        switch action {
        case .link: try FileMover.makeLink(at: record.original, toBytesOf: record.kept)
        case .move, .trash: try FileMover.move(record.original, to: record.place)
        }
    }

    /// Lets library and journal know of a change, each even where the other cannot be told.
    private func settle(_ record: DuplicateJournal.Record, _ tellLibrary: () throws -> Void) throws {
        let told = Result { try tellLibrary() }
        try journal.append(record)
        try told.get()
    }

    private func undo(_ record: DuplicateJournal.Record, report: (Outcome) -> Void) throws {
        do throws(FileSystemError) {
            try takeBack(record)
        } catch {
            report(Outcome(path: record.original, obstacle: error.description))
            if Self.isLost(record) { try journal.append(record.with(.undone)) }
            return
        }
        report(Outcome(path: record.original, obstacle: nil))
        try settle(record.with(.undone)) {
            guard let hash = ContentHash(hexadecimal: record.sha256) else { return }
            try library.link(path: record.original, to: hash)
        }
    }

    private func takeBack(_ record: DuplicateJournal.Record) throws(FileSystemError) {
        let manager = FileManager.default
        if record.action == DuplicateAction.link.name { return try takeApart(record) }
        guard manager.fileExists(atPath: record.place) else {
            // A crash between the announcement and the deed left the file where it was.
            if manager.fileExists(atPath: record.original) { return }
            throw FileSystemError(message: "\(record.place) is gone")
        }
        guard !manager.fileExists(atPath: record.original) else {
            throw FileSystemError(message: "there is another file at \(record.original); it is at \(record.place)")
        }
        try FileMover.move(record.place, to: record.original)
        if record.action == DuplicateAction.trash.name { trash.release(record.place) }
    }

    /// Makes two files of a link and what it shares its bytes with.
    private func takeApart(_ record: DuplicateJournal.Record) throws(FileSystemError) {
        guard FileManager.default.fileExists(atPath: record.original) else {
            throw FileSystemError(message: "\(record.original) is gone")
        }
        let file = try FileState(of: record.original)
        if record.state != .done {
            // A crash between the announcement and the deed left the file as it was.
            let kept = try FileState(ofAnythingAt: record.place, followingLinks: true)
            guard file.identity == kept?.identity else { return }
        }
        // The times and permissions of what somebody has changed since are the right ones.
        let isUnchanged = try ContentHash.reading(record.original).description == record.sha256
        let attributes = isUnchanged ? record.attributes ?? file.attributes : file.attributes
        if file.nameCount > 1 {
            try FileMover.separate(record.original, attributes: attributes)
        } else if attributes != file.attributes {
            try attributes.apply(toFileAt: record.original)
        }
    }

    /// Whether a file can never be taken back: the trash was emptied, or a link deleted.
    private static func isLost(_ record: DuplicateJournal.Record) -> Bool {
        let manager = FileManager.default
        guard !manager.fileExists(atPath: record.original) else { return false }
        return record.action == DuplicateAction.link.name || !manager.fileExists(atPath: record.place)
    }

    /// The path, with a number where there is a file already.
    private static func freePlace(_ path: String) -> String {
        let url = URL(filePath: path)
        let suffix = url.pathExtension.isEmpty ? "" : ".\(url.pathExtension)"
        let stem = url.deletingPathExtension().path(percentEncoded: false)
        var place = path
        var number = 1
        while FileManager.default.fileExists(atPath: place) {
            number += 1
            place = "\(stem)-\(number)\(suffix)"
        }
        return place
    }
}
