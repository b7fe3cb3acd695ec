import ServiceLifecycle

/// Lets go of models that nobody asks for.
struct IdleUnloading: Service {
    let models: ModelPool

    func run() async throws {
        guard let limit = models.options.idleUnload else { return try await gracefulShutdown() }
        let pause = min(limit / 4 + .milliseconds(10), .seconds(30))
        do {
            try await cancelWhenGracefulShutdown {
                while true {
                    try await Task.sleep(for: pause)
                    await models.unloadIdle()
                }
            }
        } catch is CancellationError {
            // The server ends.
        }
    }
}
