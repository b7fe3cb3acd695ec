public import ArgumentParser
import Foundation
import GlimpseLibrary
import GlimpseModels
public import GlimpseTasks
import GlimpseTensor

struct FindDuplicates: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "find", abstract: "List duplicates, and do something about them.",
        discussion: """
            glimpse duplicates
            glimpse duplicates ~/Pictures --tier copy --html review.html
            glimpse duplicates --keep "path:**/originals/**,largest" --action trash --yes

            Degrees: identical (the same bytes), copy (encoded anew, scaled, turned, cropped a little, written upon), burst (the same scene seconds \
            apart), look-alike. Looks at what is in the library; see `glimpse index`. An --action does nothing but say what it would do, until \
            --yes is given; nothing is ever deleted, and `glimpse duplicates undo` takes it back. Actions need the tiers named, or take \
            identical files and copies.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case table, json, jsonl, paths
    }

    enum Action: String, ExpressibleByArgument, CaseIterable {
        case list, link, move, trash
    }

    @Argument(help: "Only pictures in these folders. (default: the whole library)", completion: .directory)
    var paths: [String] = []

    @Option(help: "identical, copy, burst or look-alike; may be given several times. (default: all)")
    var tier: [DuplicateTier] = []

    @Option(
        help:
            "Which file of a group is kept: largest, oldest, raw, path:PATTERN, with commas between, the first counts most."
    )
    var keep = "largest"

    @Option(help: "What to do with the others: list them, make them links (identical ones), move them, or trash them.")
    var action = Action.list

    @Option(help: "Where --action move moves them to.", completion: .directory)
    var to: String?

    @Flag(help: "Do it; without, --action only says what it would do.")
    var yes = false

    @Option(name: .shortAndLong, help: "How to print the groups.")
    var format = Format.table

    @Option(help: "Also write a page to look through the groups to this file.", completion: .file())
    var html: String?

    @OptionGroup var model: ModelOptions
    @OptionGroup var library: LibraryOptions
    @OptionGroup var shared: SharedOptions

    func validate() throws {
        if action == .move && to == nil { throw ValidationError("--action move needs --to FOLDER.") }
        if to != nil && action != .move { throw ValidationError("--to belongs to --action move.") }
        if yes && action == .list { throw ValidationError("--yes has nothing to do without --action.") }
        do {
            _ = try KeepRule.parse(keep)
        } catch let error as TaskError {
            throw ValidationError(error.description)
        }
    }

    func run() throws {
        let library = try library.open()
        var filter = SearchFilter()
        filter.under = try paths.map(MediaPath.standardized)
        var options = DuplicateOptions()
        if !tier.isEmpty { options.tiers = Set(tier) }
        let start = ContinuousClock.now
        let model = try model.identity()
        let report = try DuplicateSearch(library: library, model: model).run(passing: filter, options: options)
        shared.notes.verbose(
            "\(report.effort.checkedPairs.counted("pair")) looked at closely, \(start.duration(to: .now).seconds)")
        let rules = try KeepRule.parse(keep)
        try DuplicatePrinter(format: format, rules: rules).print(report.groups)
        if let html {
            try DuplicatePage(keeping: rules).write(report.groups, to: URL(filePath: html))
            shared.notes.note("\(html) has the groups.")
        }
        try act(on: report.groups, keeping: rules, in: library)
    }

    private func act(on groups: [DuplicateGroup], keeping rules: [KeepRule], in library: MediaLibrary) throws {
        guard let duplicateAction else {
            let others = groups.reduce(0) { $0 + $1.files.count - 1 }
            let text =
                groups.isEmpty
                ? "No duplicates."
                : "\(groups.count.counted("group")), \(others.counted("file")) beside those kept."
            return shared.notes.note(text)
        }
        // Pictures that are merely alike are never acted upon unasked.
        let tiers: Set<DuplicateTier> =
            duplicateAction == .link ? [.identical] : tier.isEmpty ? [.identical, .copy] : Set(tier)
        let plan = DuplicatePlan(groups.filter { tiers.contains($0.tier) }, keeping: rules)
        let size = plan.byteCount.formatted(.byteCount(style: .file))
        guard yes else {
            return shared.notes.note(
                "\(action.rawValue): \(plan.entries.count.counted("file")), \(size). Nothing was done; add --yes to do it."
            )
        }
        let remover = DuplicateRemover(library: library)
        var done = 0
        var obstacles = 0
        // Also when an error ends it early: what was done until then stays done.
        defer {
            let remedy = done > 0 ? " `glimpse duplicates undo` takes it back." : ""
            shared.notes.note("\(action.rawValue): \(done.counted("file")).\(remedy)")
        }
        try remover.perform(plan, duplicateAction) { outcome in
            guard let obstacle = outcome.obstacle else { return done += 1 }
            obstacles += 1
            shared.notes.warn("\(outcome.path): \(obstacle)")
        }
        if obstacles > 0 { throw UnreadableFiles.exitCode }
    }

    private var duplicateAction: DuplicateAction? {
        switch action {
        case .list: nil
        case .link: .link
        case .move: .move(URL(filePath: to ?? "").standardizedFileURL)
        case .trash: .trash
        }
    }
}

extension DuplicateTier: ExpressibleByArgument {}
