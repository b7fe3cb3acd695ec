internal import GlimpseDigest
internal import Foundation
internal import GlimpseModels

/// What a head is made from: where all of it is equal, the head is the same.
struct ZeroShotHeadKey: Hashable, Sendable {
    /// Raised when the same labels and templates are to give other numbers than before.
    private static let version = 1

    /// All of it in one text. Each part is led by its length, so that no two keys read alike.
    let text: String

    init(_ labels: LabelSet, _ templates: PromptTemplates, model: ModelIdentity) {
        let parts =
            ["\(Self.version)", model.fingerprint, "\(model.dimension)", "\(labels.labels.count)"]
            + labels.labels + templates.templates
        text = parts.map { "\($0.utf8.count):\($0)" }.joined(separator: " ")
    }

    /// SHA-256 of the text, in hexadecimal.
    var digest: String { Digest.of(Data(text.utf8)).hexadecimal }
}
