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
            glimpse classify cat.jpg --labels-file labels.txt --templates photo

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

    @Option(
        help: ArgumentHelp(
            "A sentence that labels are put in, at {}; may be given several times. (default: \(PromptTemplates.simple.templates[0]))"
        ))
    var template: [String] = []

    @Option(
        help: "A set of sentences: simple, plain, photo, art, place, aerial, or a file with a template a line.",
        completion: .file())
    var templates: String?

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
        if !template.isEmpty && templates != nil {
            throw ValidationError("--template and --templates exclude each other.")
        }
        if top < 1 { throw ValidationError("--top \(top) is less than 1.") }
    }

    func run() async throws {
        let (labels, templates) = (try labelSet(), try promptTemplates())
        let scan = try FolderScan(roots: paths)
        let model = try model.load(.image, on: Compute(), notes: shared.notes)
        let classifier = Classifier(
            head: try head(labels, templates, model: model.identity), calibration: model.calibration)
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
        if let labelsFile { return try LabelSet(contentsOf: URL(filePath: labelsFile)) }
        return try LabelSet(commaSeparated: labels ?? "")
    }

    private func promptTemplates() throws -> PromptTemplates {
        if let templates { return try PromptTemplates(nameOrPath: templates) }
        return template.isEmpty ? .simple : try PromptTemplates(template)
    }

    /// The labels' vectors; the text tower is loaded only where they are not in the cache.
    private func head(_ labels: LabelSet, _ templates: PromptTemplates, model: ModelIdentity) throws -> ZeroShotHead {
        let start = ContinuousClock.now
        let progress = ProgressLine(unit: .things("sentences"), notes: shared.notes)
        let lookup: ZeroShotHeadCache.Lookup
        do {
            defer { progress.clear() }
            lookup = try ZeroShotHeadCache().head(labels, templates: templates, model: model) { completed, total in
                progress.show(completed, of: total)
            } embedder: {
                Embedder(model: try self.model.load(.text, on: Compute(), notes: shared.notes), on: Compute())
            }
        }
        let origin = lookup.isCached ? "from the cache" : "made"
        shared.notes.verbose(
            "\(labels.labels.count) labels in \(templates.templates.count) sentences each, \(origin) in \(start.duration(to: .now).seconds)"
        )
        if let obstacle = lookup.obstacle { shared.notes.verbose("not kept for the next time: \(obstacle)") }
        return lookup.head
    }
}
