import ArgumentParser
import Foundation
import GlimpseLibrary
import GlimpseMedia
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

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case table, json, jsonl, paths
    }

    @Argument(help: "A picture.", completion: .file())
    var picture: String

    @Option(name: .shortAndLong, help: "How many pictures to show.")
    var top = 10

    @Option(name: .shortAndLong, help: "How to print the results.")
    var format = Format.table

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
        guard !found.isEmpty else {
            shared.notes.note("Nothing found.")
            throw ExitCode.failure
        }
        let output = StandardOutput()
        switch format {
        case .table:
            for picture in found {
                let tier = (picture.tier?.rawValue ?? "").padding(toLength: 10, withPad: " ", startingAt: 0)
                let score = String(format: "%6.3f", picture.match.score)
                try output.writeLine("\(Terminal.bold(score))  \(tier)  \(picture.match.path)")
            }
        case .paths: for picture in found { try output.writeLine(picture.match.path) }
        case .jsonl: for picture in found { try output.writeLine(try JSONText.line(Record(picture))) }
        case .json: try output.writeLine(try JSONText.pretty(found.map(Record.init)))
        }
    }

    private struct Record: Encodable {
        let path: String
        let paths: [String]
        let score: Float
        let tier: DuplicateTier?
        let sha256: String
        let width: Int
        let height: Int

        init(_ picture: SimilarPicture) {
            path = picture.match.path
            paths = picture.match.paths
            score = picture.match.score
            tier = picture.tier
            sha256 = picture.match.contentHash.description
            width = picture.match.description.width
            height = picture.match.description.height
        }
    }
}
