import ArgumentParser
import Foundation
import GlimpseModels

struct ListModels: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the models that can be had, and those that are installed.")

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case table, json
    }

    @Option(name: .shortAndLong, help: "How to print the list.")
    var format = Format.table

    @OptionGroup var shared: SharedOptions

    func run() throws {
        let store = ModelStore.standard
        let catalogue = try Catalogue.builtIn()
        let others = try store.installed().filter { folder in !catalogue.entries.contains { $0.name == folder.name } }
        let output = StandardOutput()
        switch format {
        case .json:
            let known = catalogue.entries.map { Record($0, isInstalled: store.isInstalled($0.name)) }
            try output.writeLine(try JSONText.pretty(known + others.map { Record(name: $0.name, isInstalled: true) }))
        case .table:
            for entry in catalogue.entries {
                let state = store.isInstalled(entry.name) ? "  installed" : ""
                try output.writeLine("\(Terminal.bold(entry.name))  \(entry.family)\(Terminal.dim(state))")
                try output.writeLine("  \(entry.facts)")
                try output.writeLine("  \(entry.description)")
            }
            for folder in others { try output.writeLine("\(Terminal.bold(folder.name))  \(Terminal.dim("installed"))") }
        }
    }

    private struct Record: Encodable {
        let name: String
        let isInstalled: Bool
        var family: String?
        var description: String?
        var resolution: Int?
        var dimension: Int?
        var parameters: Int?
        var languages: [String]?
        var licence: String?
        var imageNetTop1: Double?
        var approximateByteCount: Int?
        var repository: String?

        init(name: String, isInstalled: Bool) {
            self.name = name
            self.isInstalled = isInstalled
        }

        init(_ entry: Catalogue.Entry, isInstalled: Bool) {
            self.init(name: entry.name, isInstalled: isInstalled)
            family = entry.family
            description = entry.description
            resolution = entry.resolution
            dimension = entry.dimension
            parameters = entry.parameters
            languages = entry.languages
            licence = entry.licence
            imageNetTop1 = entry.imageNetTop1
            approximateByteCount = entry.approximateByteCount
            repository = entry.repository
        }
    }
}

extension Catalogue.Entry {
    /// The repository of the hub it comes from; nil for one that is made here.
    var repository: String? {
        if case .hub(let repository) = source { repository } else { nil }
    }

    /// Its ImageNet accuracy as people write it; nil where no figure was at hand.
    var accuracy: String? {
        imageNetTop1.map { ($0 * 100).formatted(.number.precision(.fractionLength(1))) + " %" }
    }

    /// What people choose by, on one line.
    fileprivate var facts: String {
        let size = approximateByteCount.formatted(.byteCount(style: .file))
        let parts: [String?] = [
            "about \(size)", "\(resolution) px", accuracy.map { "ImageNet \($0)" },
            languages == ["mul"] ? "many languages" : nil, licence,
        ]
        return parts.compactMap(\.self).joined(separator: "  ·  ")
    }
}
