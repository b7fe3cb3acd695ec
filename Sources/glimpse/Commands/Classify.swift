import ArgumentParser
import Foundation
import GlimpseLibrary
import GlimpseMedia
import GlimpseModels
import GlimpseTasks
import GlimpseTensor

struct Classify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Tell which of your labels fit pictures, without training.",
        discussion: """
            glimpse classify cat.jpg --labels "cat,dog,rocket"
            glimpse classify photos/ --labels imagenet --top 3 --format csv

            The numbers are shares among the labels given: they add up to 1 for each picture, so a picture that none of them fits still \
            has a first one. Files that cannot be read are listed at the end; the exit status is then 2.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case table, json, jsonl, csv, tsv
    }

    @Argument(help: "Pictures and folders.", completion: .file())
    var paths: [String]

    @Option(help: "Labels separated by commas, or `imagenet` for its thousand classes.")
    var labels: String?

    @Option(help: "A file with a label a line.", completion: .file())
    var labelsFile: String?

    @Option(help: "The sentence a label is put in, at {}.")
    var template = LabelSet.defaultTemplate

    @Option(name: .shortAndLong, help: "How many labels to show for a picture.")
    var top = 5

    @Option(name: .shortAndLong, help: "How to print the results.")
    var format = Format.table

    @OptionGroup var decoding: DecodingOptions
    @OptionGroup var model: ModelOptions
    @OptionGroup var shared: SharedOptions

    func validate() throws {
        if paths.isEmpty { throw ValidationError("Name the pictures or folders to classify.") }
        if (labels == nil) == (labelsFile == nil) {
            throw ValidationError("Give the labels, either as --labels \"cat,dog\" or as --labels-file FILE.")
        }
        if top < 1 { throw ValidationError("--top \(top) is less than 1.") }
    }

    func run() async throws {
        let labelSet = try labelSet()
        let scan = try FolderScan(roots: paths)
        let model = try model.load(.both, on: Compute(), notes: shared.notes)
        let classifier = try Classifier(labelSet, embedder: Embedder(model: model, on: Compute()))
        // Pictures run side by side, one thread each.
        let pictures = PictureEmbedder(
            model: model, on: Compute(threads: 1), decoder: try decoding.decoder(for: model))

        var printer = PredictionPrinter(format: format)
        var unreadable: [UnreadableFile] = []
        try await orderedMap(scan, workerCount: ProcessInfo.processInfo.activeProcessorCount) {
            [top] found -> Outcome in
            switch found {
            case .failure(let error):
                return .unreadable(UnreadableFile(path: error.location ?? "", message: error.message))
            case .success(let file):
                do {
                    let embedding = try await pictures.embed(path: file.path).embedding
                    return .classified(file.path, classifier.classify(embedding, top: top))
                } catch let error as MediaError {
                    return .unreadable(UnreadableFile(path: file.path, message: error.message))
                }
            }
        } emit: { outcome in
            switch outcome {
            case .classified(let path, let predictions): try printer.print(path, predictions)
            case .unreadable(let file): unreadable.append(file)
            }
        }
        try printer.finish()
        if printer.count == 0 && unreadable.isEmpty { throw TaskError.noPictures(in: paths) }
        try UnreadableFiles.report(unreadable, notes: shared.notes)
    }

    private enum Outcome: Sendable {
        case classified(String, [Classifier.Prediction])
        case unreadable(UnreadableFile)
    }

    private func labelSet() throws -> LabelSet {
        if let labelsFile { return try LabelSet(contentsOf: URL(filePath: labelsFile), template: template) }
        return try LabelSet(commaSeparated: labels ?? "", template: template)
    }
}
