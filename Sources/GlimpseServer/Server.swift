public import Foundation
public import GlimpseLibrary
import GlimpseModels
public import GlimpseTensor
import GlimpseMedia
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// What a server is told at its start.
public struct ServerConfiguration: Sendable {
    /// The address it listens at.
    public var host = "127.0.0.1"
    /// The port; 0 for one that is free.
    public var port = 7313
    /// Names clients may call the server by, besides addresses and `localhost`.
    public var allowedHosts: [String] = []
    /// What clients have to show; nil for nothing. Not empty.
    public var token: String?
    /// The model that answers where none is named: a name, or a path with a slash in it.
    public var model = "lite"
    /// What a single file of weights is of.
    public var architecture: String?
    /// Of the weights of linear maps.
    public var precision = Precision.float32
    /// Names clients use, and the models that answer to them; `*` stands for all other names.
    public var aliases: [String: String] = [:]
    /// How many models may be in memory at once.
    public var modelLimit = 2
    /// After how long without a request a model is let go of; nil for never.
    public var idleUnload: Duration?
    /// Whether pictures are fetched from addresses that clients name.
    public var fetchesAddresses = false
    /// Whether files may not be moved, nor anything indexed.
    public var isReadOnly = false
    /// The most bytes of one request.
    public var bodyLimit = 64 << 20
    /// The most bytes of all requests that are being worked on.
    public var totalBodyLimit = 256 << 20
    /// The most pixels of a picture.
    public var pixelLimit = 100_000_000
    /// How many inputs may wait for a model.
    public var queueLimit = 1024
    /// How long an answer may take.
    public var requestTimeout: Duration = .seconds(60)
    /// How many connections there may be; others wait.
    public var connectionLimit = 1024
    /// Where thumbnails are kept.
    public var thumbnails = StandardFolders().cache.appending(path: "thumbnails")
    /// Where models are.
    public var models = StandardFolders().models

    /// The usual configuration.
    public init() {}

    /// Whether a text can be a token: what headers and cookies can carry.
    public static func isToken(_ text: String) -> Bool { !text.isEmpty && AccessToken.isSendable(text) }
}

/// Answers clients over HTTP: the API, the page, and what clients of other services ask.
///
/// One process; models are loaded once, and what clients ask at the same time is embedded together.
public struct Server: Sendable {
    private let configuration: ServerConfiguration
    private let services: Services
    /// Run the batches.
    private let threads: NIOThreadPool
    private let logger: Logger

    /// Loads the model, so that nothing is missing when the first client comes.
    ///
    /// - Parameters:
    ///   - library: whose pictures are searched and shown.
    ///   - version: what clients are told of the program.
    ///   - log: told of the server's own trouble, a line each.
    /// - Throws: `ModelError` for a model that is not there.
    public init(
        _ configuration: ServerConfiguration, library: MediaLibrary, version: String,
        log: @escaping @Sendable (String) -> Void
    ) async throws {
        self.configuration = configuration
        logger = Logger(label: "glimpse") { _ in LineLog(log: log) }
        try ImageDecoder.prepare()
        let cores = ProcessInfo.processInfo.activeProcessorCount
        let decoder = ImageDecoder(
            limits: .init(
                maximumByteCount: configuration.bodyLimit, maximumPixelCount: configuration.pixelLimit))
        let engineThreads = NIOThreadPool(numberOfThreads: cores)
        let threads = NIOThreadPool(numberOfThreads: max(4, cores))
        engineThreads.start()
        threads.start()
        let metrics = ServerMetrics()
        let store = ModelStore(root: configuration.models)
        let backlog = Backlog(limit: configuration.queueLimit)
        let models = try ModelPool(
            .init(
                standard: configuration.model, architecture: configuration.architecture,
                precision: configuration.precision, aliases: configuration.aliases, capacity: configuration.modelLimit,
                idleUnload: configuration.idleUnload, waitingInputs: configuration.queueLimit),
            store: store, decoder: decoder, threads: engineThreads, workerCount: cores, metrics: metrics,
            backlog: backlog)
        try models.checkAliases()
        _ = try await models.engine(nil)
        self.threads = engineThreads
        services = Services(
            models: models, store: store, library: library,
            indexing: IndexingDesk(
                library: library, models: models, isReadOnly: configuration.isReadOnly, workerCount: cores),
            duplicates: DuplicateReview(library: library, isReadOnly: configuration.isReadOnly) { body in
                try await threads.runIfActive(body)
            },
            // The library's own pictures were let in once: they have the usual limits.
            thumbnails: ThumbnailCache(folder: configuration.thumbnails, decoder: ImageDecoder()) { body in
                try await threads.runIfActive(body)
            },
            decoder: decoder,
            fetcher: configuration.fetchesAddresses ? PictureFetcher(threads: threads) : nil,
            budget: UploadBudget(bodyLimit: configuration.bodyLimit, totalLimit: configuration.totalBodyLimit),
            clients: ClientWatch(), metrics: metrics, backlog: backlog,
            token: configuration.token.map(AccessToken.init),
            version: version,
            isReadOnly: configuration.isReadOnly, requestTimeout: configuration.requestTimeout, threads: threads)
    }

    /// Answers until the process is told to end (SIGTERM, SIGINT); what was begun is answered first. A task that is cancelled ends at once.
    ///
    /// - Parameter running: told of the port once clients can come.
    /// - Throws: `ServerCannotListen` when the address is taken, or not this machine's.
    public func run(running: @escaping @Sendable (_ port: Int) async -> Void) async throws {
        let outcome: Result<Void, any Error>
        do {
            try await application(running: running).runService()
            outcome = .success(())
        } catch let error as IOError {
            outcome = .failure(ServerCannotListen(reason: String(cString: strerror(error.errnoCode))))
        } catch let error as SocketAddressError {
            outcome = .failure(ServerCannotListen(reason: "\(error)"))
        } catch {
            outcome = .failure(error)
        }
        await close()
        try outcome.get()
    }

    private func close() async {
        await services.indexing.close()
        for threads in [threads, services.threads] {
            // An error says that they are stopped already.
            try? await threads.shutdownGracefully()
        }
    }

    /// The routes and what stands before them.
    func application(
        running: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
    ) -> Application<RouterResponder<ServerContext>> {
        let unload = IdleUnloading(models: services.models)
        return Application(
            router: ServerRoutes(services: services, hosts: HostRule(allowing: configuration.allowedHosts)).router(),
            server: .http1(
                configuration: .init(
                    additionalChannelHandlers: [services.clients.handler()], idleTimeout: .seconds(75))),
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.host, port: configuration.port), serverName: nil, backlog: 1024,
                availableConnectionsDelegate: MaximumAvailableConnections(configuration.connectionLimit)),
            services: [unload],
            onServerRunning: { channel in await running(channel.localAddress?.port ?? 0) }, logger: logger)
    }

    /// The routes there are, as "GET /path".
    package var routes: [String] {
        ServerRoutes(services: services, hosts: HostRule(allowing: [])).router().routes.map {
            "\($0.method.rawValue) \($0.path)"
        }
    }
}

/// Why a server could not begin.
public struct ServerCannotListen: Error, Sendable {
    /// What the system says.
    public let reason: String
}

/// Lets go of models that nobody asks for.
private struct IdleUnloading: Service {
    let models: ModelPool

    func run() async throws {
        guard let limit = models.options.idleUnload else { return try await gracefulShutdown() }
        let pause = min(limit / 4 + .milliseconds(10), .seconds(30))
        try? await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                try await Task.sleep(for: pause)
                await models.unloadIdle()
            }
        }
    }
}

/// Hands lines on to whoever shows them.
private struct LineLog: LogHandler {
    let log: @Sendable (String) -> Void
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .warning

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { log("\(event.message)") }
}
