import Foundation
import GlimpseTasks

/// Hands files to the programs that people open them with.
enum Opener {
    #if os(macOS)
        private static let command = "open"
    #else
        private static let command = "xdg-open"
    #endif

    /// Has a file opened, and does not wait until people have closed it again.
    ///
    /// - Throws: `TaskError` when there is nothing to open files with.
    static func open(_ path: String) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [command, path]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        do {
            try process.run()
            process.waitUntilExit()
        } catch {
            throw TaskError(.invalidInput, "\(command) cannot be started: \(error.localizedDescription)")
        }
        guard process.terminationStatus == 0 else {
            throw TaskError(
                .invalidInput, "\(command) could not open \(path)", remedy: "open it with a program of your choice")
        }
    }
}
