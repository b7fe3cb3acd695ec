import ArgumentParser
import Foundation
import GlimpseModels

struct ModelInfo: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info", abstract: "Tell what a model is, what it is good for and where it is.")

    @Argument(help: "The model's name.")
    var name: String

    @OptionGroup var shared: SharedOptions

    func run() throws {
        let store = ModelStore.standard
        let entry = try Catalogue.builtIn().entry(named: name)
        let folder = store.folder(named: entry.name)
        var rows = [
            ("name", entry.name), ("family", entry.family), ("description", entry.description),
            ("picture", "\(entry.resolution) × \(entry.resolution) pixels"),
            ("vector", "\(entry.dimension) numbers"), ("parameters", entry.parameters.formatted()),
            ("size", "about \(entry.approximateByteCount.formatted(.byteCount(style: .file)))"),
            ("languages", entry.languages == ["mul"] ? "many" : entry.languages.joined(separator: ", ")),
            ("licence", entry.licence),
        ]
        if let accuracy = entry.accuracy { rows.append(("ImageNet", "\(accuracy) without training, as published")) }
        if let repository = entry.repository { rows.append(("repository", repository)) }
        if store.isInstalled(entry.name) {
            rows += [
                ("folder", folder.url.path(percentEncoded: false)), ("fingerprint", try folder.fingerprint()),
            ]
        } else {
            rows.append(("folder", "not installed; run: glimpse models pull \(entry.name)"))
        }
        let output = StandardOutput()
        for (name, value) in rows {
            try output.writeLine(Terminal.bold(name.padding(toLength: 12, withPad: " ", startingAt: 0)) + value)
        }
    }
}
