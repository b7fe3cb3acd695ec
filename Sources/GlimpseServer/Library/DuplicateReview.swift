import Foundation
import GlimpseDigest
import GlimpseLibrary
import GlimpseModels
import GlimpseTasks
import NIOPosix

/// Finds duplicates for people to decide about, and does what they decide.
///
/// Files are known to clients by digests of their paths: a request can only name what the review has shown.
actor DuplicateReview {
    /// What came of files, as far as it went.
    struct Deed: Sendable {
        var outcomes: [DuplicateRemover.Outcome] = []
        /// What ended it before its end; nil where nothing did.
        var failure: (any Error)?
    }

    private let library: MediaLibrary
    private let isReadOnly: Bool
    private let threads: NIOThreadPool
    /// The last deed: files are moved by one request at a time.
    private var deed: Task<Deed, any Error>?
    /// The last report, and what it was made of.
    private var known: (question: Question, report: Task<DuplicateReport, any Error>)?

    private struct Question: Hashable {
        let model: ModelIdentity
        let statistics: LibraryStatistics
    }

    /// - Parameter threads: run what takes long.
    init(library: MediaLibrary, threads: NIOThreadPool, isReadOnly: Bool) {
        self.library = library
        self.threads = threads
        self.isReadOnly = isReadOnly
    }

    /// What a file is known by.
    static func id(ofFileAt path: String) -> String {
        Digest.of(Data(path.utf8)).prefix(8).hexadecimal
    }

    /// The groups of these tiers, largest savings first as the finder gives them, in these folders.
    func groups(
        _ model: ModelIdentity, tiers: Set<DuplicateTier>, under folders: [String]
    ) async throws -> [DuplicateGroup] {
        let groups = try await report(model).groups.filter { tiers.contains($0.tier) }
        guard !folders.isEmpty else { return groups }
        return groups.filter { group in
            group.files.contains { file in folders.contains { file.path == $0 || file.path.hasPrefix($0 + "/") } }
        }
    }

    /// Whether `undo` would take something back.
    func canUndo() async throws -> Bool {
        try await threads.runIfActive { [library] in try DuplicateRemover(library: library).canUndo(only: .trash) }
    }

    /// Puts files into the trash that people gave up.
    ///
    /// - Parameter choices: of a group, the file that is kept and those that are not, by their ids.
    /// - Returns: what came of each file; those that it did not get to have that as their obstacle.
    /// - Throws: `ServerError` for files that are in no group together; what ended it before anything came of any file.
    func trash(
        _ choices: [(keep: String, remove: [String])], _ model: ModelIdentity
    ) async throws -> Deed {
        guard !isReadOnly else { throw ServerError.readOnly }
        var places: [String: [(group: Int, file: DuplicateGroup.File)]] = [:]
        let groups = try await report(model).groups
        for (number, group) in groups.enumerated() {
            for file in group.files { places[Self.id(ofFileAt: file.path), default: []].append((number, file)) }
        }
        var entries: [DuplicatePlan.Entry] = []
        for choice in choices {
            for id in choice.remove where id != choice.keep {
                guard let kept = places[choice.keep], let surplus = places[id],
                    let pair = kept.lazy.flatMap({ one in surplus.map { (one, $0) } }).first(where: {
                        $0.0.group == $0.1.group
                    })
                else {
                    throw ServerError(
                        .notFound,
                        "no group of duplicates has the files \(choice.keep.prefix(16)) and \(id.prefix(16))",
                        remedy: "look at the duplicates again: they may have changed")
                }
                entries.append(
                    DuplicatePlan.Entry(surplus: pair.1.file, kept: pair.0.file, tier: groups[pair.0.group].tier))
            }
        }
        let plan = DuplicatePlan(entries)
        var done = try await perform { remover, report in try remover.perform(plan, .trash, report: report) }
        done.outcomes += plan.entries.dropFirst(done.outcomes.count).map {
            DuplicateRemover.Outcome(path: $0.surplus.path, obstacle: "the server did not get to it")
        }
        return done
    }

    /// Takes back what was trashed last.
    ///
    /// - Throws: what ended it before anything came of any file.
    func undo() async throws -> Deed {
        guard !isReadOnly else { throw ServerError.readOnly }
        return try await perform { remover, report in try remover.undo(only: .trash, report: report) }
    }

    /// Changes files, after what was begun before, and to its end even when the client does not wait for it.
    private func perform(
        _ body: @escaping @Sendable (DuplicateRemover, _ report: (DuplicateRemover.Outcome) -> Void) throws -> Void
    ) async throws -> Deed {
        known = nil
        let task = Task { [deed, library, threads] in
            _ = await deed?.result
            return try await threads.runIfActive { try Self.outcomes(of: body, in: library) }
        }
        deed = task
        defer { known = nil }
        return try await task.value
    }

    /// Runs to the end or to an error; what has happened to files by then is told all the same.
    private static func outcomes(
        of body: (DuplicateRemover, _ report: (DuplicateRemover.Outcome) -> Void) throws -> Void,
        in library: MediaLibrary
    ) throws -> Deed {
        var deed = Deed()
        do {
            try body(DuplicateRemover(library: library), { deed.outcomes.append($0) })
        } catch {
            guard !deed.outcomes.isEmpty else { throw error }
            deed.failure = error
        }
        return deed
    }

    private func report(_ model: ModelIdentity) async throws -> DuplicateReport {
        let statistics = try await threads.runIfActive { [library] in try library.statistics() }
        let question = Question(model: model, statistics: statistics)
        if let known, known.question == question { return try await known.report.value }
        let task = Task { [library, threads] in
            try await threads.runIfActive { try DuplicateSearch(library: library, model: model).run() }
        }
        known = (question, task)
        do {
            return try await task.value
        } catch {
            known = nil
            throw error
        }
    }
}
