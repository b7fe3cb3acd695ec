import Foundation
import GlimpseModels
import GlimpseTasks
import GlimpseTensor
import TestSupport
import Testing

/// The installed `lite` model, loaded once; `make setup` installs it, and without it these tests fail, as they should.
enum Lite {
    private static let loaded = Result {
        try Model.load(
            folder: ModelStore(root: StandardFolders().models).folder(named: "lite"), on: Compute(threads: 2))
    }

    static func embedder() throws -> Embedder { Embedder(model: try loaded.get(), on: Compute(threads: 2)) }
}

/// A model of a few thousand weights in a folder of its own.
struct TinyModel {
    private let folder: TemporaryFolder

    /// - Parameter change: alters the weights before they are written.
    init(change: (inout [String: Tensor]) -> Void = { _ in }) throws {
        folder = try TemporaryFolder()
        try TinyModels.writeLite(to: folder, change: change)
    }

    func embedder(_ towers: Model.Towers = .both) throws -> Embedder {
        let compute = Compute(threads: 1)
        let folder = ModelFolder(name: "tiny", url: folder.url)
        return Embedder(model: try Model.load(folder: folder, towers: towers, on: compute), on: compute)
    }
}

/// What the error says, or nothing when there was none of this kind.
func message(of body: () throws -> some Any) -> String {
    let error = #expect(throws: TaskError.self) { try body() }
    return error?.description ?? ""
}
