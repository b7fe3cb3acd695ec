public import Foundation
public import GlimpseLibrary

/// Does what a plan says, and can undo it.
///
/// Nothing is deleted: files are moved, put into the trash, or become links to equal bytes. Each file and the one that is kept are read once
/// more before anything happens to it, and every change is in a journal beside the library first.
public struct DuplicateRemover {
    /// What came of a file.
    public struct Outcome: Sendable {
        /// The file.
        public let path: String
        /// Why nothing happened to it; nil when something did.
        public let obstacle: String?
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
        self.library = library
        trash = Trash(environment: environment)
        journal = DuplicateJournal(
            path: library.folder.appending(path: "duplicates-journal.jsonl").path(percentEncoded: false))
    }

    /// Where the journal is.
    public var journalPath: String { journal.path }

    /// Carries out a plan.
    ///
    /// - Parameter report: told of every file as it is done.
    /// - Throws: `LibraryError` when the library cannot be written; an error of the journal, before anything more is changed.
    public func perform(
        _ plan: DuplicatePlan, _ action: DuplicateAction, report: (Outcome) -> Void = { _ in }
    ) throws {
        let run = UUID().uuidString
        for entry in plan.entries {
            try Task.checkCancellation()
            do {
                try check(entry, action)
                try perform(entry, action, run: run)
                report(Outcome(path: entry.surplus.path, obstacle: nil))
            } catch let error as FileSystemError {
                report(Outcome(path: entry.surplus.path, obstacle: error.description))
            }
        }
    }

    /// Whether there is something that `undo` would undo.
    ///
    /// - Throws: what reading the journal does.
    public func canUndo(only action: DuplicateAction? = nil) throws -> Bool { try !pending(action).isEmpty }

    private func pending(_ action: DuplicateAction?) throws -> [DuplicateJournal.Record] {
        try journal.pending().filter { record in action.map { $0.name == record.action } ?? true }
    }

    /// Undoes what the last command did that is not undone yet, the last change first; the library knows the files again.
    ///
    /// A file that is gone from both places, because the trash was emptied, is told of once and then left alone.
    ///
    /// - Parameter action: what is to be undone, where only one kind of change is meant.
    /// - Returns: What came of each file; empty when there is nothing to undo.
    public func undo(only action: DuplicateAction? = nil) throws -> [Outcome] {
        let pending = try pending(action)
        guard let run = pending.last?.run else { return [] }
        return try pending.filter { $0.run == run }.reversed().map { record in
            do {
                try undo(record)
                var undone = record
                undone.state = .undone
                try journal.append(undone)
                if let hash = ContentHash(hexadecimal: record.sha256) {
                    try library.link(path: record.original, to: hash)
                }
                return Outcome(path: record.original, obstacle: nil)
            } catch let error as FileSystemError {
                let manager = FileManager.default
                if !manager.fileExists(atPath: record.place), !manager.fileExists(atPath: record.original) {
                    var lost = record
                    lost.state = .undone
                    try journal.append(lost)
                }
                return Outcome(path: record.original, obstacle: error.description)
            }
        }
    }

    /// Both files are what the library thinks, and not one file under two names.
    private func check(_ entry: DuplicatePlan.Entry, _ action: DuplicateAction) throws {
        if action == .link, entry.kept.picture.contentHash != entry.surplus.picture.contentHash {
            throw FileSystemError(message: "its bytes are not those of \(entry.kept.path): it cannot become a link")
        }
        for file in [entry.kept, entry.surplus] {
            do {
                guard try ContentHash(ofFileAt: file.path) == file.picture.contentHash else {
                    throw FileSystemError(message: "\(file.path) has changed since it was indexed")
                }
            } catch let error as LibraryError {
                throw FileSystemError(message: error.description)
            }
        }
        var (kept, surplus) = (stat(), stat())
        guard stat(entry.kept.path, &kept) == 0, stat(entry.surplus.path, &surplus) == 0 else {
            throw FileSystemError("look at", entry.surplus.path)
        }
        guard kept.st_dev != surplus.st_dev || kept.st_ino != surplus.st_ino else {
            throw FileSystemError(message: "it is \(entry.kept.path) under another name already")
        }
    }

    private func perform(_ entry: DuplicatePlan.Entry, _ action: DuplicateAction, run: String) throws {
        let path = entry.surplus.path
        let place =
            switch action {
            case .link: entry.kept.path
            case .move(let folder): Self.freePlace(folder.path(percentEncoded: false) + path)
            case .trash: try trash.place(for: path)
            }
        var record = DuplicateJournal.Record(
            run: run, time: Int64(Date().timeIntervalSince1970), action: action.name, original: path, place: place,
            kept: entry.kept.path, sha256: entry.surplus.picture.contentHash.description, state: .begun)
        try journal.append(record)
        do {
            switch action {
            case .link: try FileMover.makeLink(at: path, toBytesOf: entry.kept.path)
            case .move, .trash: try FileMover.move(path, to: place)
            }
        } catch {
            if action == .trash { trash.release(place) }
            record.state = .undone
            try journal.append(record)
            throw error
        }
        record.state = .done
        try journal.append(record)
        if action != .link { try library.remove(paths: [path]) }
    }

    private func undo(_ record: DuplicateJournal.Record) throws {
        let manager = FileManager.default
        if record.action == DuplicateAction.link.name {
            guard manager.fileExists(atPath: record.original) else {
                throw FileSystemError(message: "\(record.original) is gone")
            }
            return try FileMover.unlinkBytes(of: record.original)
        }
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
