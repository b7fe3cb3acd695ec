import ArgumentParser
import Foundation
import GlimpseTasks

struct UndoDuplicates: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "undo",
        abstract: "Take back what the last `glimpse duplicates --action …` did; again, what the one before did.")

    @OptionGroup var library: LibraryOptions
    @OptionGroup var shared: SharedOptions

    func run() throws {
        let outcomes = try DuplicateRemover(library: try library.open()).undo()
        guard !outcomes.isEmpty else { return shared.notes.note("There is nothing to undo.") }
        let failed = outcomes.filter { $0.obstacle != nil }
        for outcome in failed { shared.notes.warn("\(outcome.path): \(outcome.obstacle ?? "")") }
        shared.notes.note("\((outcomes.count - failed.count).formatted()) files are where they were.")
        guard failed.isEmpty else { throw ExitCode.failure }
    }
}
