import ArgumentParser
import GlimpseLibrary
import GlimpseModels
import GlimpseTasks
import GlimpseTensor

struct Similar: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Find the pictures of the library that are like a picture, and tell copies among them.",
        discussion: """
            glimpse similar ./holiday.jpg --top 20

            The picture need not be in the library. Beside the score stands in which degree the two are the same: identical, copy, burst or \
            look-alike; see `glimpse duplicates`. For pictures and words together, see `glimpse search`.
            """)

    @Argument(help: "A picture.", completion: .file())
    var picture: String

    @Option(name: .shortAndLong, help: "How many pictures to show.")
    var top = 10

    @Option(name: .shortAndLong, help: "How to print the results.")
    var format = MatchFormat.table

    @OptionGroup(title: "Filters") var filters: FilterOptions
    @OptionGroup var model: ModelOptions
    @OptionGroup var library: LibraryOptions
    @OptionGroup var shared: SharedOptions

    func validate() throws {
        if top < 1 { throw ValidationError("--top \(top) is less than 1.") }
    }

    func run() throws {
        let filter = try filters.filter()
        let library = try library.open()
        let compute = Compute()
        let model = try model.load(.image, on: compute, notes: shared.notes)
        let search = SimilarSearch(library: library, embedder: Embedder(model: model, on: compute))
        let found = try search.pictures(like: picture, limit: top, filter: filter)
        let printer = MatchPrinter(format: format, remark: .tier)
        guard !found.isEmpty else {
            shared.notes.note("Nothing found.")
            try printer.printNothing()
            throw ExitCode.failure
        }
        try printer.print(found.map(MatchRecord.init))
    }
}
