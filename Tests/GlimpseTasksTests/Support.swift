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

/// What the error says, or nothing when there was none of this kind.
func message(of body: () throws -> some Any) -> String {
    let error = #expect(throws: TaskError.self) { try body() }
    return error?.description ?? ""
}
