import Hummingbird

/// Every route, and what requests go through before they come to one.
struct ServerRoutes {
    let services: Services
    let hosts: HostRule

    func router() -> Router<ServerContext> {
        let router = Router(context: ServerContext.self, options: .autoGenerateHeadEndpoints)
        let notFound = NotFoundMiddleware()
        router.add(middleware: ObservationMiddleware(metrics: services.metrics))
        router.add(middleware: notFound)
        router.add(middleware: ErrorMiddleware(style: .glimpse))
        router.add(
            middleware: AccessMiddleware(
                hosts: hosts, token: services.token,
                openPaths: PageRoutes.paths.union(["/api/v1/health", "/api/v1/session", "/ping"]),
                bodyTokenPaths: RoboflowRoutes.paths))

        PageRoutes().add(to: router)
        let own = router.group("api/v1")
        ServiceRoutes(services: services).add(to: own)
        EmbeddingRoutes(services: services).add(to: own)
        SearchRoutes(services: services).add(to: own)
        PictureRoutes(services: services).add(to: own)
        DuplicateRoutes(services: services).add(to: own)
        LibraryRoutes(services: services).add(to: own)

        // Each of these groups answers errors as its own clients read them.
        func compatible(_ style: ErrorStyle) -> RouterGroup<ServerContext> {
            router.group().add(middleware: ErrorMiddleware(style: style))
        }
        RoboflowRoutes(services: services).add(to: compatible(.message))
        ImmichRoutes(services: services).add(to: compatible(.detail))
        OpenAIRoutes(services: services).add(to: compatible(.openAI))
        RetrievalRoutes(services: services).add(to: compatible(.message))
        // Where Prometheus looks by itself.
        router.get("metrics") { _, _ in await ServiceRoutes(services: services).metrics() }
        notFound.learn(router)
        return router
    }
}
