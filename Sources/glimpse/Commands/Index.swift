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
            Folders are searched through; hidden files are left out. A file that has not changed is not read again, and one that was renamed \
            or copied is not embedded again. A run that was interrupted is continued by the next one. Files that cannot be read are \
            listed at the end; the exit status is then 2.
            """)

    @Argument(help: "Pictures and folders.", completion: .file())
    var paths: [String]

    @Flag(help: "Take hidden files and folders too, but for ._ files, where macOS keeps notes about others.")
    var hidden = false

    @Flag(help: "Try files again that could not be read last time, though they have not changed.")
    var retry = false

    @Option(
        name: .shortAndLong,
        help: "How many pictures to work on at the same time, at most one a core. (default: one a core)")
    var jobs: Int?

    @OptionGroup var decoding: DecodingOptions
    @OptionGroup var model: ModelOptions
    @OptionGroup var library: LibraryOptions
    @OptionGroup var shared: SharedOptions

    func validate() throws {
        if paths.isEmpty { throw ValidationError("Name the pictures or folders to index.") }
        let cores = ProcessInfo.processInfo.activeProcessorCount
        if let jobs, !(1...cores).contains(jobs) {
            throw ValidationError("--jobs \(jobs) is not between 1 and \(cores), the cores of this machine.")
        }
    }

    func run() async throws {
        let notes = shared.notes
        let scan = try FolderScan(roots: paths, options: .init(includesHidden: hidden))
        let model = try model.load(.image, on: Compute(), notes: notes)
        let decoder = try decoding.decoder(for: model)
        let indexer = try Indexer(
            library: try library.openOrCreate(), model: model, decoder: decoder,
            workerCount: jobs ?? ProcessInfo.processInfo.activeProcessorCount)

        let line = ProgressLine(unit: .things("pictures"), notes: notes)
        let start = ContinuousClock.now
        let run = Task { [retry] in
            try await indexer.run(scan, retryingFailures: retry) { progress in
                switch progress.phase {
                case .counting: line.showFound(progress.total)
                case .indexing: line.show(progress.completed, of: progress.total, worked: progress.embedded)
                }
            }
        }
        let interrupts = Interrupts { run.cancel() }
        defer { interrupts.stop() }
        let result = await run.result
        line.clear()
        try summarize(result.get(), elapsed: start.duration(to: .now), notes: notes)
    }

    private func summarize(_ report: IndexingReport, elapsed: Duration, notes: Notes) throws {
        var parts: [String] = []
        if report.embedded > 0 {
            let rate = Double(report.embedded) / max(0.001, elapsed / .seconds(1))
            let digits = rate.formatted(.number.precision(.fractionLength(rate < 10 ? 1 : 0)))
            parts.append("indexed \(report.embedded.formatted()) in \(elapsed.seconds) (\(digits) a second)")
        }
        if report.linked > 0 { parts.append("\(report.linked.formatted()) renamed or copied") }
        if report.unchanged > 0 { parts.append("\(report.unchanged.formatted()) unchanged") }
        if report.completed == 0 && !report.wasCancelled { throw TaskError.noPictures(in: paths) }
        if !parts.isEmpty {
            let text = parts.joined(separator: ", ")
            notes.note(text.prefix(1).uppercased() + text.dropFirst() + ".")
        }
        if report.wasCancelled {
            notes.warn("interrupted; what was indexed is kept, run the same command to go on")
            throw ExitCode(130)
        }
        try UnreadableFiles.report(report.unreadable, notes: notes)
    }
}
