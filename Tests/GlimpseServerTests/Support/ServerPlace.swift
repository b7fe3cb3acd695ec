import Foundation
import GlimpseLibrary
import GlimpseModels
import GlimpseServer
import GlimpseTasks
import GlimpseTensor
import TestSupport

/// A folder with a library in it, for servers with a model so small that each test can have its own.
final class ServerPlace: Sendable {
    let folder: TemporaryFolder
    let library: MediaLibrary

    /// The path of the model: a CLIP of a few thousand random weights.
    static let model = Fixtures.path("families/hf-clip")
    /// What clients call it.
    static let modelName = "hf-clip"

    init() throws {
        folder = try TemporaryFolder()
        library = try MediaLibrary(folder: folder.url.appending(path: "library"))
    }

    /// What servers are to give the vectors of.
    static func embedder() throws -> Embedder {
        let compute = Compute(threads: 1)
        let folder = ModelFolder(name: modelName, url: Fixtures.url("families/hf-clip"))
        return Embedder(model: try Model.load(folder: folder, on: compute), on: compute)
    }

    /// A server that does not run yet.
    func server(_ change: (inout ServerConfiguration) -> Void = { _ in }) async throws -> Server {
        var configuration = ServerConfiguration()
        configuration.port = 0
        // Other tests keep the cores busy meanwhile.
        configuration.requestTimeout = .seconds(200)
        configuration.model = Self.model
        configuration.models = folder.url.appending(path: "models")
        configuration.thumbnails = folder.url.appending(path: "thumbnails")
        change(&configuration)
        return try await Server(configuration, library: library, version: "1.2.3") { _ in }
    }

    /// Indexes what is in the folder "pictures".
    func index() async throws {
        let indexer = try Indexer(library: library, model: try Self.embedder().model, workerCount: 2)
        _ = try await indexer.run(try FolderScan(roots: [folder.path("pictures")]))
    }
}
