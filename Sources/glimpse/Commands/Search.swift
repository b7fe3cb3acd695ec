import ArgumentParser
import Foundation
import GlimpseLibrary
import GlimpseModels
import GlimpseTasks
import GlimpseTensor

struct Search: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Find pictures of the library by words, by a picture, or by sums of both.",
        discussion: """
            glimpse search "a cat"
            glimpse search ./cat.jpg
            glimpse search "2:sunset" + ./pool.jpg - people
            glimpse search "a cat" OR "a dog" --since 2023 --under ~/Pictures
            curl -s https://example.org/cat.jpg | glimpse search - --html cats.html

            A number and a colon before a term are its weight. The score is the cosine of query and picture; for words, the percentage is how \
            probable it is that the picture shows what was asked, and what is unlikely is left out, unless --all is given. Filters are applied first: the \
            pictures that pass are ranked. Nothing is indexed by a search; see `glimpse index`. The exit status is 1 when nothing is found.
            """)

    @Argument(
        parsing: .allUnrecognized,
        help:
            "Words and pictures, with + and - (or NOT) between them, and OR between sums; - alone is a picture on standard input."
    )
    var query: [String]

    @Option(name: .shortAndLong, help: "How many pictures to show.")
    var top = 10

    @Flag(help: "Show what is nearest, however unlikely it is that it shows what was asked.")
    var all = false

    @Option(help: "The lowest score that is shown.")
    var minScore: Float?

    @Option(name: .shortAndLong, help: "How to print the results.")
    var format = MatchFormat.table

    @Flag(name: .customShort("0"), help: "Print paths only, each ended by a zero byte, for `xargs -0`.")
    var zero = false

    @Option(help: "Also write a page with the pictures to this file, which needs no other.", completion: .file())
    var html: String?

    @Flag(help: "Show the pictures in the terminal, where it can: kitty, iTerm2, WezTerm, Ghostty, or sixel.")
    var preview = false

    @Flag(help: "Open the first picture.")
    var open = false

    @OptionGroup(title: "Filters") var filters: FilterOptions
    @OptionGroup var model: ModelOptions
    @OptionGroup var library: LibraryOptions
    @OptionGroup var shared: SharedOptions

    func validate() throws {
        if preview && (zero || format != .table) {
            throw ValidationError("--preview belongs to the table; leave out --format and -0.")
        }
        if zero && format != .table { throw ValidationError("-0 prints paths; leave out --format.") }
        if top < 1 { throw ValidationError("--top \(top) is less than 1.") }
        let options = query.prefix { $0 != "--" }
        if let unknown = options.first(where: { $0.hasPrefix("-") && $0 != "-" }) {
            throw ValidationError("Unknown option '\(unknown)'.")
        }
    }

    func run() throws {
        // Everything after `--` is part of the query; the sign itself is not.
        let query = try Query.parse(self.query.filter { $0 != "--" }, fileExists: FileManager.default.isFile(atPath:))
        let filter = try filters.filter()
        let library = try library.open()
        let compute = Compute()
        let model = try model.load(try towers(of: query), on: compute, notes: shared.notes)
        let searcher = Searcher(
            library: library, embedder: Embedder(model: model, on: compute),
            standardInput: { FileHandle.standardInput.readDataToEndOfFile() })
        let start = ContinuousClock.now
        let answers = try searcher.search(
            query, limit: top, filter: filter, minimumScore: minScore,
            // Paths of whatever is nearest need no probabilities.
            isEstimating: !(all && (zero || format == .paths) && html == nil))
        shared.notes.verbose("searched in \(start.duration(to: .now).seconds)")
        let shown = all ? answers.all : answers.likely
        if shown.isEmpty {
            shared.notes.note(answers.all.isEmpty ? "Nothing found." : "Nothing found; --all shows what is nearest.")
            try printer.printNothing()
            throw ExitCode.failure
        }
        try show(shown)
    }

    private var printer: MatchPrinter {
        MatchPrinter(format: format, remark: .presence, isZeroTerminated: zero, isPreviewed: preview)
    }

    private func show(_ answers: [SearchAnswer]) throws {
        try printer.print(answers.map(MatchRecord.init))
        if let html {
            let title = query.joined(separator: " ")
            try ContactSheet(title: title).write(answers, to: URL(filePath: html))
            shared.notes.note("\(html) has the pictures.")
        }
        if open { try Opener.open(answers[0].match.path) }
    }

    /// What has to be loaded for a query.
    private func towers(of query: Query) throws -> Model.Towers {
        var towers: Model.Towers = []
        for term in query.terms {
            switch term.content {
            case .text(let text):
                if FileManager.default.isFolder(atPath: text), text.contains("/") {
                    throw TaskError(
                        .invalidInput, "\(text) is a folder",
                        remedy: "name a picture in it, or index it and describe a picture")
                }
                towers.insert(.text)
            case .picture, .standardInput: towers.insert(.image)
            }
        }
        return towers
    }
}
