import Foundation
import GlimpseMedia
import GlimpseModels
import GlimpseTensor
import NIOPosix

/// The engines of the models that are in memory.
///
/// The server's own model is loaded at the start; others that are installed are loaded when a client names them. What nobody has
/// asked for a while can be let go of.
actor ModelPool {
    /// What is common to all models.
    struct Options: Sendable {
        /// The model that answers where none is named.
        var standard: String
        /// Of a single file of weights, what they are of.
        var architecture: String?
        /// Of the weights of linear maps.
        var precision: Precision = .float32
        /// Names clients use, and the models that answer to them; `*` stands for all other names.
        var aliases: [String: String] = [:]
        /// How many models may be in memory.
        var capacity = 2
        /// After how long without a request a model is let go of; nil for never.
        var idleUnload: Duration?
        /// How many inputs may wait for a model.
        var waitingInputs = 1024
    }

    /// What this pool was told.
    nonisolated let options: Options
    private nonisolated let store: ModelStore
    private nonisolated let catalogue: Catalogue
    private let decoder: ImageDecoder
    private let threads: NIOThreadPool
    private let workerCount: Int
    private let metrics: ServerMetrics
    private let backlog: Backlog
    private var engines: [URL: Task<Engine, any Error>] = [:]
    /// Where the server's own model was found when it was asked for last.
    private var standardKey: URL?

    init(
        _ options: Options, store: ModelStore, decoder: ImageDecoder, threads: NIOThreadPool, workerCount: Int,
        metrics: ServerMetrics, backlog: Backlog
    ) throws {
        self.options = options
        self.store = store
        self.decoder = decoder
        self.threads = threads
        self.workerCount = workerCount
        self.metrics = metrics
        self.backlog = backlog
        catalogue = try Catalogue.builtIn()
    }

    /// The engine of a model, which is loaded first where it is not in memory.
    ///
    /// - Parameter name: what the client calls it; nil for the server's own.
    /// - Throws: `ServerError` when there is no such model here, or no room for it.
    func engine(_ name: String?) async throws -> Engine {
        // Looking for its folder takes as long as all else that is not embedding.
        if name == nil, let standardKey, let engine = engines[standardKey] { return try await engine.value }
        let folder = try folder(name)
        if name == nil { standardKey = folder.key }
        // While room is made, others may load it, or take the room.
        while engines[folder.key] == nil, engines.count >= options.capacity {
            guard let (key, task) = try await oldestIdle() else { throw ServerError.overloaded }
            letGo(key, task)
        }
        if let engine = engines[folder.key] { return try await engine.value }
        let loading = Task { [options, decoder, threads, workerCount, metrics, backlog] in
            let model = try await threads.runIfActive {
                try Model.load(
                    folder: folder, towers: .both, precision: options.precision, cache: PackedWeightsCache(),
                    on: Compute())
            }
            metrics.count(.modelLoaded)
            return Engine(
                model: model, decoder: decoder, threads: threads, workerCount: workerCount,
                limits: .init(waitingInputs: options.waitingInputs), metrics: metrics, backlog: backlog)
        }
        engines[folder.key] = loading
        do {
            return try await loading.value
        } catch {
            if engines[folder.key] == loading { engines[folder.key] = nil }
            throw error
        }
    }

    /// The folders of the models in memory.
    func loaded() -> Set<URL> { Set(engines.keys) }

    /// Lets go of the models that nobody has asked for a while.
    func unloadIdle() async {
        guard let limit = options.idleUnload else { return }
        for (key, task) in engines {
            guard let engine = await Self.engine(of: task), await engine.isIdle,
                await engine.lastUsed.duration(to: .now) >= limit
            else { continue }
            letGo(key, task)
        }
    }

    /// Nil for a model that could not be loaded: whoever asked for it is told, and takes it out.
    private static func engine(of task: Task<Engine, any Error>) async -> Engine? {
        if case .success(let engine) = await task.result { engine } else { nil }
    }

    /// Forgets a model, unless another took its place meanwhile.
    private func letGo(_ key: URL, _ task: Task<Engine, any Error>) {
        guard engines[key] == task else { return }
        engines[key] = nil
        metrics.count(.modelUnloaded)
    }

    /// The model that was not used for longest and that nobody uses; the server's own only when it is alone.
    private func oldestIdle() async throws -> (URL, Task<Engine, any Error>)? {
        let own = try folder(nil).key
        var oldest: (key: URL, task: Task<Engine, any Error>, used: ContinuousClock.Instant)?
        for (key, task) in engines where key != own || engines.count == 1 {
            guard let engine = await Self.engine(of: task), await engine.isIdle else { continue }
            let used = await engine.lastUsed
            if oldest.map({ used < $0.used }) ?? true { oldest = (key, task, used) }
        }
        return oldest.map { ($0.key, $0.task) }
    }

    /// Makes sure that every alias leads to a model.
    ///
    /// - Throws: `ModelError` for the first that does not.
    nonisolated func checkAliases() throws {
        for target in options.aliases.values {
            _ = try store.resolve(target, architecture: options.architecture, in: catalogue)
        }
    }

    /// Where the model is that a client names.
    ///
    /// - Throws: `ServerError` that names the models there are. Clients name models, never folders.
    func folder(_ name: String?) throws -> ModelFolder {
        let standard = try store.resolve(options.standard, architecture: options.architecture, in: catalogue)
        // A model that was named by a path is known to clients by its name alone.
        guard let name, name != standard.name else { return standard }
        if let target = options.aliases[name] {
            return try store.resolve(target, architecture: options.architecture, in: catalogue)
        }
        let canonical = catalogue[name]?.name ?? name
        // immich writes ViT-B-32__openai for the ViT-B-32 that OpenAI trained, as open_clip does.
        let trained = name.hasSuffix("__openai") ? String(name.dropLast("__openai".count)) : name
        let names = [canonical, name, trained]
        let installed = try store.installed()
        if let folder = installed.first(where: { names.contains($0.name) }) { return folder }
        if let target = options.aliases["*"] {
            return try store.resolve(target, architecture: options.architecture, in: catalogue)
        }
        let known = Set([standard.name] + installed.map(\.name)).sorted()
        throw ServerError(
            .invalidInput, "no model \"\(name.prefix(100))\" here",
            remedy: "this server has \(known.joined(separator: ", "))")
    }
}

extension ModelFolder {
    /// What tells models apart.
    var key: URL { weightsFile.map { url.appending(path: $0) } ?? url }
}
