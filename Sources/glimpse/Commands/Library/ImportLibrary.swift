import ArgumentParser
import Foundation
import GlimpseLibrary

struct ImportLibrary: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Add what `glimpse library export` wrote, from standard input.",
        discussion: """
            What the library has already stays as it is. Pictures that have other paths here are found by their content when their folder is \
            indexed, and are not embedded again.
            """)

    @OptionGroup var library: LibraryOptions
    @OptionGroup var shared: SharedOptions

    /// So many pictures are added in one transaction.
    private static let batch = 256

    func run() throws {
        let library = try library.openOrCreate()
        var reader = LineReader(limit: Self.batch)
        let decoder = JSONDecoder()
        var line = 0
        var vectors = 0
        while let lines = try reader.next() {
            let records = try lines.enumerated().filter { !$0.element.isEmpty }.map { index, text in
                do {
                    return try decoder.decode(LibraryRecord.self, from: Data(text.utf8))
                } catch {
                    throw InputError(message: "line \(line + index + 1) is not what `glimpse library export` writes")
                }
            }
            vectors += try library.importRecords(records)
            line += lines.count
        }
        shared.notes.note("\(line.counted("picture")) read, \(vectors.counted("new vector")).")
    }
}
