import ArgumentParser
import Foundation
import GlimpseLibrary

struct PruneLibrary: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune",
        abstract: "Forget files that are gone, and the vectors of pictures that no file has any more.",
        discussion: """
            `glimpse index` forgets the files that are gone from the folders it is given; their vectors stay, so that a file that turns up again \
            is not embedded again. This command forgets both, and makes the database smaller. Files on a disk that is not plugged in \
            are kept.
            """)

    @Flag(name: [.customShort("n"), .long], help: "Only say what would be forgotten.")
    var dryRun = false

    @OptionGroup var library: LibraryOptions
    @OptionGroup var shared: SharedOptions

    func run() throws {
        let library = try library.open()
        let missing = try library.removeMissingFiles(dryRun: dryRun)
        let unused = try library.removeUnusedContents(dryRun: dryRun)
        if !dryRun, unused > 0 { try library.compact() }
        let verb = dryRun ? "would be forgotten" : "forgotten"
        shared.notes.note(
            "\(missing.gone.counted("file")) no longer there and \(unused.counted("picture")) without a file \(verb)."
        )
        if missing.away > 0 {
            shared.notes.note(
                "\(missing.away.counted("file")) away, on \(missing.awayVolumes.joined(separator: ", ")).")
        }
    }
}
