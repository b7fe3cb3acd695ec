import Foundation
public import GlimpseLibrary
import GlimpseModels
import GlimpseMedia
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import UnixSignals

/// Answers clients over HTTP: the API, the page, and what clients of other services ask.
///
/// One process; models are loaded once, and what clients ask at the same time is embedded together.
public struct Server: Sendable {
    private let configuration: ServerConfiguration
    private let services: Services
    private let refusals: Refusals
    private let threads: ServerThreads
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
        let threads = ServerThreads(cores: cores)
        let metrics = ServerMetrics()
        let store = ModelStore(root: configuration.models)
        let backlog = Backlog(limit: configuration.queueLimit)
        let models: ModelPool
        do {
            models = try ModelPool(
                .init(
                    standard: configuration.model, architecture: configuration.architecture,
                    precision: configuration.precision, aliases: configuration.aliases,
                    capacity: configuration.modelLimit, idleUnload: configuration.idleUnload,
                    waitingInputs: configuration.queueLimit),
                store: store, decoder: decoder, threads: threads.engine, workerCount: cores, metrics: metrics,
                backlog: backlog)
            try models.checkAliases()
            _ = try await models.engine(nil)
            refusals = try Refusals(routes: ServerRoutes.engineRoutes, backlog: backlog, metrics: metrics)
        } catch {
            await threads.shutDown()
            throw error
        }
        self.threads = threads
        services = Services(
            models: models, store: store, library: library,
            indexing: IndexingDesk(
                library: library, models: models, threads: threads, isReadOnly: configuration.isReadOnly),
            duplicates: DuplicateReview(
                library: library, threads: threads.slow, isReadOnly: configuration.isReadOnly),
            // The library's own pictures were let in once: they have the usual limits.
            thumbnails: ThumbnailCache(
                folder: configuration.thumbnails, decoder: ImageDecoder(), threads: threads.pictures),
            decoder: decoder,
            fetcher: configuration.fetchesAddresses ? PictureFetcher(threads: threads.names) : nil,
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
            // A client that never reads its answer must not keep the process for ever.
            var group = ServiceGroupConfiguration(
                services: [application(running: running)], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
            group.maximumGracefulShutdownDuration = configuration.requestTimeout + .seconds(5)
            try await ServiceGroup(configuration: group).run()
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
        await threads.shutDown()
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
                    additionalChannelHandlers: [services.clients.handler(), RefusalHandler(refusals)],
                    idleTimeout: .seconds(75))),
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.host, port: configuration.port), serverName: nil, backlog: 1024,
                availableConnectionsDelegate: MaximumAvailableConnections(configuration.connectionLimit)),
            services: [unload],
            onServerRunning: { channel in await running(channel.localAddress?.port ?? 0) }, logger: logger)
    }

    /// Those of the routes that ask an engine, and are turned away while too many wait for it.
    package static var engineRoutes: Set<String> { Set(ServerRoutes.engineRoutes.keys) }

    /// The routes there are, as "GET /path".
    package var routes: [String] {
        ServerRoutes(services: services, hosts: HostRule(allowing: [])).router().routes.map {
            "\($0.method.rawValue) \($0.path)"
        }
    }
}
