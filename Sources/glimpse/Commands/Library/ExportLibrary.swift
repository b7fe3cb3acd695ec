import ArgumentParser
import Foundation
import GlimpseLibrary

struct ExportLibrary: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write everything that was indexed as JSON lines, a picture a line.",
        discussion: """
            glimpse library export > library.jsonl
            glimpse library export | ssh elsewhere glimpse library import

            Vectors are in base 64, as little-endian 32-bit floats.
            """)

    @OptionGroup var library: LibraryOptions
    @OptionGroup var shared: SharedOptions

    func run() throws {
        let output = StandardOutput()
        var count = 0
        try library.open().exportRecords { record in
            try output.writeLine(try JSONText.line(record))
            count += 1
        }
        shared.notes.note("\(count.counted("picture")) exported.")
    }
}
