import Foundation
import GlimpseFormats
import GlimpseModels
import HTTPTypes
import Hummingbird

/// `/predict` and `/ping`: what immich asks of its machine learning service (github.com/immich-app/immich, machine-learning).
///
/// Faces and texts in pictures are refused, so that immich asks its next server for them.
struct ImmichRoutes {
    let services: Services

    func add(to router: some RouterMethods<ServerContext>) {
        router.get("ping") { _, _ in "pong" }
        router.post("predict") { request, context in
            return try await services.answering(request, context) { submission in
                try await predict(submission)
            }
        }
    }

    private struct Answer: Encodable {
        /// The vector as JSON in a string: immich hands it on to its database as it stands.
        let clip: String
        var imageHeight: Int?
        var imageWidth: Int?

        init(_ output: EngineOutput) {
            clip = "[" + output.embedding.values.map { "\($0)" }.joined(separator: ",") + "]"
            imageHeight = output.size?.height
            imageWidth = output.size?.width
        }
    }

    private enum Wish {
        case visual, textual
    }

    private func predict(
        _ submission: Submission
    ) async throws -> JSONAnswer<Answer> {
        let (wish, name) = try Self.wish(submission.arguments)
        let input = submission.inputs.first { input in
            switch (wish, input) {
            case (.visual, .image), (.textual, .text): true
            default: false
            }
        }
        guard let input else { throw ServerError(.invalidInput, "Either image or text must be provided") }
        let engine = try await services.models.engine(name)
        return JSONAnswer(Answer(try await services.embed([input], with: engine)[0]))
    }

    /// What is wanted of which model.
    private static func wish(_ arguments: Arguments) throws -> (Wish, model: String) {
        let malformed = ServerError(.unprocessable, "Invalid request format.")
        // Upstream says no more of what is wrong, and its clients look for these words.
        guard let text = arguments.all("entries").first?.string, let entries = try? Submission.parse(Data(text.utf8)),
            let tasks = entries.members
        else { throw malformed }
        guard tasks.count == 1, let clip = entries["clip"] else {
            throw ServerError(.unprocessable, "This server answers to clip only.")
        }
        for (key, wish) in [("visual", Wish.visual), ("textual", .textual)] {
            if let entry = clip[key], let name = entry["modelName"]?.string { return (wish, name) }
        }
        throw malformed
    }
}
