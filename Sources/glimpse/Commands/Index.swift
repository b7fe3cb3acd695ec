import ArgumentParser
import Dispatch
import Foundation
import GlimpseLibrary
import GlimpseMedia
import GlimpseModels
import GlimpseTasks
import GlimpseTensor

struct Index: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Bring the library up to date with files and folders.",
        discussion: """
            Folders are searched through; hidden files are left out. A file that has not changed is not read again, one that was renamed or \
            copied is not embedded again, and one that is gone is forgotten, unless it is on a disk that is not plugged in. Without \
            arguments, all folders that were indexed before are brought up to date. A run that was interrupted is continued by the next \
            one. Files that cannot be read are listed at the end; the exit status is then 2.
            """)

    @Argument(help: "Pictures and folders. (default: the folders that were indexed before)", completion: .file())
    var paths: [String] = []

    @Flag(help: "Take hidden files and folders too, but for ._ files, where macOS keeps notes about others.")
    var hidden = false

    @Flag(help: "Try files again that could not be read last time, though they have not changed.")
    var retry = false

    @Flag(help: "Then stay, and bring the library up to date whenever something changes in the folders, until Ctrl-C.")
    var watch = false

    @Option(
        name: .shortAndLong,
        help: "How many pictures to work on at the same time, at most one a core. (default: one a core)")
    var jobs: Int?

    @OptionGroup var decoding: DecodingOptions
    @OptionGroup var model: ModelOptions
    @OptionGroup var library: LibraryOptions
    @OptionGroup var shared: SharedOptions

    func validate() throws {
        let cores = ProcessInfo.processInfo.activeProcessorCount
        if let jobs, !(1...cores).contains(jobs) {
            throw ValidationError("--jobs \(jobs) is not between 1 and \(cores), the cores of this machine.")
        }
    }

    func run() async throws {
        let notes = shared.notes
        let paths = paths.isEmpty ? try rememberedFolders() : paths
        let scan = try FolderScan(roots: paths, options: .init(includesHidden: hidden))
        let model = try model.load(.image, on: Compute(), notes: notes)
        let decoder = try decoding.decoder(for: model)
        let indexer = try Indexer(
            library: try library.openOrCreate(), model: model, decoder: decoder,
            workerCount: jobs ?? ProcessInfo.processInfo.activeProcessorCount)

        let start = ContinuousClock.now
        let work = Task { [retry, watch, hidden] in
            // The watch begins before the first scan, so that nothing falls between the two.
            let folders = watch ? FolderWatch(folders: scan.folders, includesHidden: hidden) : nil
            let report = try await Self.run(indexer, scan, retryingFailures: retry, notes: notes)
            if let folders, !report.wasCancelled {
                Self.summarize(report, elapsed: start.duration(to: .now), notes: notes)
                try await Self.follow(folders, includesHidden: hidden, with: indexer, notes: notes)
            }
            return report
        }
        let interrupts = Interrupts { work.cancel() }
        defer { interrupts.stop() }
        let report = try await work.result.get()
        if watch, !report.wasCancelled { return }
        Self.summarize(report, elapsed: start.duration(to: .now), notes: notes)
        if report.completed == 0 && report.missing.gone == 0 && !report.wasCancelled {
            throw TaskError.noPictures(in: paths)
        }
        if report.wasCancelled {
            notes.warn("interrupted; what was indexed is kept, run the same command to go on")
            throw ExitCode(130)
        }
        try UnreadableFiles.report(report.unreadable, notes: notes)
    }

    private static func run(
        _ indexer: Indexer, _ scan: FolderScan, retryingFailures: Bool, notes: Notes
    ) async throws -> IndexingReport {
        let line = ProgressLine(unit: .things("pictures"), notes: notes)
        defer { line.clear() }
        return try await indexer.run(scan, retryingFailures: retryingFailures) { progress in
            switch progress.phase {
            case .counting: line.showFound(progress.total)
            case .indexing: line.show(progress.completed, of: progress.total, worked: progress.embedded)
            }
        }
    }

    /// Indexes what changes, until the task is cancelled.
    private static func follow(
        _ folders: FolderWatch, includesHidden: Bool, with indexer: Indexer, notes: Notes
    ) async throws {
        let place = folders.roots.joined(separator: ", ")
        notes.note(
            folders.isNotified
                ? "Watching \(place); Ctrl-C ends." : "Looking at \(place) every half minute; Ctrl-C ends.")
        while !Task.isCancelled {
            let changed = folders.changes(isStopped: { Task.isCancelled })
            guard !changed.isEmpty else { continue }
            let scan: FolderScan
            do {
                scan = try FolderScan(roots: changed, options: .init(includesHidden: includesHidden))
            } catch {
                // A folder that vanished since will be told of by the one around it.
                if error.code != .missing { notes.warn(error.description) }
                continue
            }
            let start = ContinuousClock.now
            let report = try await run(indexer, scan, retryingFailures: false, notes: notes)
            summarize(report, elapsed: start.duration(to: .now), notes: notes)
            for file in report.unreadable { notes.warn("\(file.path): \(file.message)") }
        }
    }

    /// The folders that were indexed before, but for those on disks that are not plugged in.
    private func rememberedFolders() throws -> [String] {
        let roots = try library.open().roots()
        let present = roots.filter(FileManager.default.fileExists(atPath:))
        for away in roots where !present.contains(away) {
            shared.notes.warn("\(away) is not there; what is known of it stays")
        }
        guard !present.isEmpty else {
            throw TaskError(
                .invalidInput, roots.isEmpty ? "no folder was indexed before" : "none of the folders is there",
                remedy: "run: glimpse index FOLDER")
        }
        return present
    }

    /// Says in a line what was done.
    private static func summarize(_ report: IndexingReport, elapsed: Duration, notes: Notes) {
        var parts: [String] = []
        func add(_ count: Int, _ what: String) {
            if count > 0 { parts.append("\(count.formatted()) \(what)") }
        }
        if report.embedded > 0 {
            let rate = Double(report.embedded) / max(0.001, elapsed / .seconds(1))
            let digits = rate.formatted(.number.precision(.fractionLength(rate < 10 ? 1 : 0)))
            parts.append("indexed \(report.embedded.formatted()) in \(elapsed.seconds) (\(digits) a second)")
        }
        add(report.linked, "renamed or copied")
        add(report.described, "described anew")
        add(report.missing.gone, "gone")
        add(report.missing.away, "away")
        add(report.unchanged, "unchanged")
        guard !parts.isEmpty else { return }
        let text = parts.joined(separator: ", ")
        notes.note(text.prefix(1).uppercased() + text.dropFirst() + ".")
    }
}
