import ArgumentParser
import Foundation
import GlimpseModels
import Synchronization

struct PullModel: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pull", abstract: "Get a model of the catalogue and install it.",
        discussion: "A model that is installed already is left as it is.")

    @Argument(help: "The model's name.")
    var name: String

    @Flag(help: "Get the model again though it is installed.")
    var force = false

    @OptionGroup var shared: SharedOptions

    func run() throws {
        let store = ModelStore.standard
        let entry = try Catalogue.builtIn().entry(named: name)
        let notes = shared.notes
        if store.isInstalled(entry.name) && !force {
            return notes.note(
                "\(entry.name) is installed in \(store.folder(named: entry.name).url.path(percentEncoded: false))")
        }
        let start = ContinuousClock.now
        let reporter = StepReporter(notes: notes)
        let folder: ModelFolder
        do {
            folder = try store.pull(entry) { reporter.show($0) }
        } catch {
            reporter.finish()
            throw error
        }
        reporter.finish()
        notes.note(
            "\(entry.name) is ready in \(folder.url.path(percentEncoded: false)) (\(start.duration(to: .now).seconds))")
    }
}

/// Says each step once, and on a terminal how far it is.
private final class StepReporter: Sendable {
    private let notes: Notes
    private let current = Mutex<(step: String, line: ProgressLine)?>(nil)

    init(notes: Notes) { self.notes = notes }

    func show(_ progress: PullProgress) {
        current.withLock { current in
            if current?.step != progress.step {
                current?.line.clear()
                notes.note(progress.step)
                current = (
                    progress.step,
                    ProgressLine(unit: progress.unit == .bytes ? .bytes : .things("sentences"), notes: notes)
                )
            }
            if progress.total > 1 { current?.line.show(progress.completed, of: progress.total) }
        }
    }

    func finish() { current.withLock { $0?.line.clear() } }
}
