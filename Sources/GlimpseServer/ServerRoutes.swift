import Hummingbird

/// Every route, and what requests go through before they come to one.
struct ServerRoutes {
    let services: Services
    let hosts: HostRule

    /// The routes that ask an engine, and how their clients read errors.
    static let engineRoutes: [String: ErrorStyle] = [
        "POST /api/v1/embeddings": .glimpse, "POST /api/v1/classify": .glimpse,
        "GET /api/v1/search": .glimpse, "POST /api/v1/search": .glimpse,
        "GET /api/v1/similar": .glimpse, "POST /api/v1/similar": .glimpse,
        "POST /v1/embeddings": .openAI, "POST /predict": .detail, "POST /knn-service": .message,
    ].merging(RoboflowRoutes.paths.map { ("POST \($0)", .message) }) { first, _ in first }

    func router() -> Router<ServerContext> {
        let router = Router(context: ServerContext.self, options: .autoGenerateHeadEndpoints)
        let access = AccessMiddleware(
            hosts: hosts, token: services.token,
            openPaths: PageRoutes.paths.union(["/api/v1/health", "/api/v1/session", "/ping"]),
            bodyTokenPaths: RoboflowRoutes.paths)
        let notFound = NotFoundMiddleware(access: access)
        router.add(middleware: ObservationMiddleware(metrics: services.metrics))
        router.add(middleware: notFound)
        router.add(middleware: ErrorMiddleware(style: .glimpse))
        PageRoutes().add(to: router.group().add(middleware: access))
        let own = router.group("api/v1").add(middleware: access)
        ServiceRoutes(services: services).add(to: own)
        EmbeddingRoutes(services: services).add(to: own)
        SearchRoutes(services: services).add(to: own)
        PictureRoutes(services: services).add(to: own)
        DuplicateRoutes(services: services).add(to: own)
        LibraryRoutes(services: services).add(to: own)

        // Each of these groups answers errors as its own clients read them.
        func compatible(_ style: ErrorStyle) -> RouterGroup<ServerContext> {
            router.group().add(middleware: ErrorMiddleware(style: style)).add(middleware: access)
        }
        RoboflowRoutes(services: services).add(to: compatible(.message))
        ImmichRoutes(services: services).add(to: compatible(.detail))
        OpenAIRoutes(services: services).add(to: compatible(.openAI))
        RetrievalRoutes(services: services).add(to: compatible(.message))
        // Where Prometheus looks by itself.
        router.group().add(middleware: access).get("metrics") { _, _ in
            await ServiceRoutes(services: services).metrics()
        }
        notFound.learn(router)
        return router
    }
}
