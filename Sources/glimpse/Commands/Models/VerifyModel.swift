import ArgumentParser
import Foundation
import GlimpseModels
import GlimpseTensor

struct VerifyModel: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check an installed model: every file, both towers, the fast kernels against the plain ones.")

    @Argument(help: "The model's name, or the path of a model folder.")
    var name: String

    @OptionGroup var shared: SharedOptions

    func run() throws {
        let folder = try ModelStore.standard.resolve(name, in: try Catalogue.builtIn())
        let verification = ModelVerification(folder, on: Compute())
        let output = StandardOutput()
        for check in verification.checks {
            let mark = check.passed ? "ok    " : "FAILED"
            try output.writeLine("\(Terminal.bold(mark))  \(check.name): \(check.detail)")
        }
        guard verification.passed else {
            let isPulled = ModelStore.standard.folder(named: folder.name) == folder
            let remedy = isPulled ? "; get it again: glimpse models pull \(folder.name) --force" : ""
            shared.notes.warn("\(folder.name) is damaged\(remedy)")
            throw ExitCode.failure
        }
    }
}
