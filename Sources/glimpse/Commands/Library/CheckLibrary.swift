import ArgumentParser
import Foundation
import GlimpseLibrary

struct CheckLibrary: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Read everything in the library and say whether it is as it should be.",
        discussion: "The exit status is 1 when something is wrong that was not set right.")

    @Flag(help: "Set right what can be: nothing is lost but vectors that are made anew by the next `glimpse index`.")
    var repair = false

    @OptionGroup var library: LibraryOptions
    @OptionGroup var shared: SharedOptions

    func run() throws {
        let check = try library.open().check(isRepairing: repair)
        for problem in check.problems {
            shared.notes.warn(problem.message + (problem.isRepaired ? " (repaired)" : ""))
        }
        guard !check.isDamaged else {
            let advice =
                repair
                ? "move the library's folder away and index again: pictures are never changed"
                : "run: glimpse library check --repair"
            shared.notes.warn(advice)
            throw ExitCode.failure
        }
        shared.notes.note(
            "The library is in order"
                + (check.vectorCount > 0 ? "; \(check.vectorCount.formatted()) vectors were compared." : "."))
    }
}
