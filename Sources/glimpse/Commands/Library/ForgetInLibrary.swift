import ArgumentParser
import Foundation
import GlimpseLibrary
import GlimpseModels
import GlimpseTasks

struct ForgetInLibrary: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forget", abstract: "Take files, folders or a model's vectors out of the library.",
        discussion: """
            glimpse library forget ~/Pictures/Private
            glimpse library forget --model ViT-B-32

            The pictures themselves are not touched.
            """)

    @Argument(help: "Files and folders; they need not exist any more.", completion: .file())
    var paths: [String] = []

    @Option(name: .shortAndLong, help: "The name of a model, or the beginning of its fingerprint.")
    var model: String?

    @OptionGroup var library: LibraryOptions
    @OptionGroup var shared: SharedOptions

    func validate() throws {
        if paths.isEmpty && model == nil { throw ValidationError("Name files, folders, or a --model to forget.") }
    }

    func run() throws {
        let library = try library.open()
        let models = try model.map { try Self.models(named: $0, in: library) } ?? []
        if !paths.isEmpty {
            let count = try library.forget(paths: paths.map(MediaPath.standardized))
            shared.notes.note("\(count.formatted()) \(count == 1 ? "file" : "files") forgotten.")
        }
        for model in models {
            let count = try library.forget(model: model.model)
            shared.notes.note("\(count.counted("vector")) of \(model.model.name) forgotten.")
        }
        try library.compact()
    }

    private static func models(
        named name: String, in library: MediaLibrary
    ) throws -> [LibraryStatistics.ModelStatistics] {
        let all = try library.statistics().models
        let named = all.filter { $0.model.name == name || $0.model.fingerprint.hasPrefix(name) }
        guard !named.isEmpty else {
            let known = all.map { "\($0.model.name) (\($0.model.fingerprint.prefix(8)))" }
            throw TaskError(
                .invalidInput, "the library has nothing of a model \"\(name)\"",
                remedy: known.isEmpty ? "it has no vectors at all" : "it has: \(known.joined(separator: ", "))")
        }
        return named
    }
}
