import ArgumentParser
import Foundation
import GlimpseLibrary
import GlimpseModels

struct LibraryInfo: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info", abstract: "Say where the library is and how much it holds.")

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case table, json
    }

    @Option(name: .shortAndLong, help: "How to print it.")
    var format = Format.table

    @Flag(help: "Also list the files that could not be read, and why.")
    var failures = false

    @OptionGroup var library: LibraryOptions
    @OptionGroup var shared: SharedOptions

    func run() throws {
        let library = try library.open()
        let record = Record(
            folder: library.folder.path(percentEncoded: false), try library.statistics(), roots: try library.roots(),
            missing: try library.removeMissingFiles(dryRun: true), failures: failures ? try library.failures() : nil)
        let output = StandardOutput()
        switch format {
        case .json: try output.writeLine(try JSONText.pretty(record))
        case .table: for line in record.lines { try output.writeLine(line) }
        }
    }

    private struct Record: Encodable {
        struct Model: Encodable {
            let name: String
            let fingerprint: String
            let dimension: Int
            let vectors: Int
        }

        struct Failure: Encodable {
            let path: String
            let reason: String
        }

        let folder: String
        let files: Int
        let pictures: Int
        let pictureBytes: Int64
        let databaseBytes: Int64
        let unreadable: Int
        let gone: Int
        let away: Int
        let awayVolumes: [String]
        let roots: [String]
        let models: [Model]
        let failures: [Failure]?

        init(
            folder: String, _ statistics: LibraryStatistics, roots: [String], missing: MissingFiles,
            failures: [FailedFile]?
        ) {
            self.folder = folder
            files = statistics.fileCount
            pictures = statistics.contentCount
            pictureBytes = statistics.contentByteCount
            databaseBytes = statistics.databaseByteCount
            unreadable = statistics.failureCount
            gone = missing.gone
            away = missing.away
            awayVolumes = missing.awayVolumes
            self.roots = roots
            models = statistics.models.map {
                Model(
                    name: $0.model.name, fingerprint: $0.model.fingerprint, dimension: $0.model.dimension,
                    vectors: $0.embeddingCount)
            }
            self.failures = failures?.map { Failure(path: $0.file.path, reason: $0.message) }
        }

        var lines: [String] {
            var lines = [
                "library     \(folder)  (\(databaseBytes.formatted(.byteCount(style: .file))))",
                "pictures    \(pictures.formatted()) in \(files.counted("file")), "
                    + pictureBytes.formatted(.byteCount(style: .file)),
            ]
            lines += list("folders", roots)
            lines += list("models", models.map { "\($0.name)  \($0.vectors.formatted()) × \($0.dimension)" })
            if gone > 0 {
                lines.append("gone        \(gone.counted("file")); `glimpse library prune` forgets them")
            }
            if away > 0 {
                lines.append("away        \(away.counted("file")) on \(awayVolumes.joined(separator: ", "))")
            }
            if unreadable > 0 {
                let hint = failures == nil ? "; --failures lists them" : ""
                lines.append("unreadable  \(unreadable.counted("file"))\(hint)")
            }
            lines += (failures ?? []).map { "  \($0.path): \($0.reason)" }
            return lines
        }

        private func list(_ name: String, _ values: [String]) -> [String] {
            values.enumerated().map { index, value in
                (index == 0 ? name : "").padding(toLength: 12, withPad: " ", startingAt: 0) + value
            }
        }
    }
}
