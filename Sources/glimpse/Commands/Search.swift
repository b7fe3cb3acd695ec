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

            A number and a colon before a term are its weight. The score is the cosine of query and picture. Nothing is indexed by a \
            search; see `glimpse index`.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case table, json, jsonl, paths
    }

    @Argument(parsing: .allUnrecognized, help: "Words and pictures, with + and - between them.")
    var query: [String]

    @Option(name: .shortAndLong, help: "How many pictures to show.")
    var top = 10

    @Option(name: .shortAndLong, help: "How to print the results.")
    var format = Format.table

    @Flag(name: .customShort("0"), help: "Print paths only, each ended by a zero byte, for `xargs -0`.")
    var zero = false

    @OptionGroup var model: ModelOptions
    @OptionGroup var library: LibraryOptions
    @OptionGroup var shared: SharedOptions

    func validate() throws {
        if zero && format != .table { throw ValidationError("-0 prints paths; leave out --format.") }
        if top < 1 { throw ValidationError("--top \(top) is less than 1.") }
        let options = query.prefix { $0 != "--" }
        if let unknown = options.first(where: { $0.hasPrefix("-") && $0 != "-" }) {
            throw ValidationError("Unknown option '\(unknown)'.")
        }
    }

    func run() throws {
        // Everything after `--` is part of the query; the sign itself is not.
        let words = query.filter { $0 != "--" }
        let terms = try QueryTerm.parse(words, fileExists: FileManager.default.isFile(atPath:))
        var towers: Model.Towers = []
        for term in terms {
            switch term.content {
            case .text(let text):
                if FileManager.default.isFolder(atPath: text), text.contains("/") {
                    throw TaskError(
                        .invalidInput, "\(text) is a folder",
                        remedy: "name a picture in it, or index it and describe a picture")
                }
                towers.insert(.text)
            case .picture: towers.insert(.image)
            }
        }
        let library = try library.open()
        let compute = Compute()
        let model = try model.load(towers, on: compute, notes: shared.notes)
        let searcher = Searcher(library: library, embedder: Embedder(model: model, on: compute))
        let start = ContinuousClock.now
        let matches = try searcher.search(terms, limit: top)
        shared.notes.verbose("searched in \(start.duration(to: .now).seconds)")
        try print(matches)
    }

    private func print(_ matches: [SearchMatch]) throws {
        let output = StandardOutput()
        if zero { return try output.write(matches.map { $0.path + "\0" }.joined()) }
        switch format {
        case .paths:
            for match in matches { try output.writeLine(match.path) }
        case .table:
            for match in matches {
                let copies = match.paths.count > 1 ? Terminal.dim("  (and \(match.paths.count - 1) more)") : ""
                try output.writeLine("\(Terminal.bold(Self.score(match.score)))  \(match.path)\(copies)")
            }
        case .jsonl:
            for match in matches { try output.writeLine(try JSON.line(Record(match))) }
        case .json:
            try output.writeLine(try JSON.pretty(matches.map(Record.init)))
        }
    }

    private static func score(_ value: Float) -> String {
        String(format: "%6.3f", value)
    }

    private struct Record: Encodable {
        let path: String
        let paths: [String]
        let score: Float
        let width: Int
        let height: Int

        init(_ match: SearchMatch) {
            path = match.path
            paths = match.paths
            score = match.score
            width = match.width
            height = match.height
        }
    }
}
