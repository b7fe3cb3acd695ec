import ArgumentParser
import Foundation
import GlimpseModels
import GlimpseTensor

struct VerifyModel: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check an installed model: every file, both towers, and its vectors against those of the original.",
        discussion: """
            The fast kernels are held against the plain ones; and where the catalogue carries vectors that the library a model comes \
            from has computed, ours are held against them: a certificate. For other models let make-reference.py write such \
            vectors where that library is installed.
            """)

    @Argument(help: "The model's name, or the path of a model folder.")
    var name: String

    @Option(
        help: ArgumentHelp("Vectors of the original, as make-reference.py writes them.", valueName: "file"),
        completion: .file())
    var reference: String?

    @OptionGroup var shared: SharedOptions

    func run() throws {
        let folder = try ModelStore.standard.resolve(name, in: try Catalogue.builtIn())
        // A folder of one's own may be called like a model of the catalogue.
        let isPulled = ModelStore.standard.folder(named: folder.name) == folder
        let reference =
            try reference.map { try ReferenceVectors(path: $0) }
            ?? (isPulled ? ReferenceVectors.builtIn(for: folder.name) : nil)
        let verification = ModelVerification(folder, reference: reference, on: Compute())
        let output = StandardOutput()
        for check in verification.checks {
            let mark = check.passed ? "ok    " : "FAILED"
            try output.writeLine("\(Terminal.bold(mark))  \(check.name): \(check.detail)")
        }
        guard verification.passed else {
            let remedy = isPulled ? "; get it again: glimpse models pull \(folder.name) --force" : ""
            shared.notes.warn("\(folder.name) did not pass\(remedy)")
            throw ExitCode.failure
        }
    }
}
