import ArgumentParser
import GlimpseTasks

/// Some files could not be read: they are named at the end, and the exit status says so.
enum UnreadableFiles {
    static let exitCode = ExitCode(2)

    static func report(_ files: [UnreadableFile], notes: Notes) throws {
        guard !files.isEmpty else { return }
        notes.warn("\(files.count) \(files.count == 1 ? "file" : "files") could not be read:")
        for file in files { notes.warn("  \(file.path): \(file.message)") }
        throw exitCode
    }
}
