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
        let remover = DuplicateRemover(library: try library.open())
        guard try remover.canUndo() else { return shared.notes.note("There is nothing to undo.") }
        var done = 0
        var obstacles = 0
        // Also when an error ends it early: what is back stays back.
        defer { shared.notes.note("\(done.counted("file")) put back.") }
        try remover.undo { outcome in
            guard let obstacle = outcome.obstacle else { return done += 1 }
            obstacles += 1
            shared.notes.warn("\(outcome.path): \(obstacle)")
        }
        if obstacles > 0 { throw ExitCode.failure }
    }
}
