internal import Foundation
internal import GlimpseModels
internal import GlimpseResources

/// The texts that a query has to stand out from: what photographs show, in a word or two each.
enum PresenceReferences {
    /// The texts' vectors, from the cache or made and kept there.
    ///
    /// - Throws: `ModelError` when the text tower is not loaded.
    static func head(of embedder: Embedder, cache: ZeroShotHeadCache) throws -> ZeroShotHead {
        try cache.head(labels(), templates: PromptTemplates(["{}"]), model: embedder.model.identity) { embedder }.head
    }

    /// The lines of the table that ships with the package, without its comments.
    static func labels() throws -> LabelSet {
        let text = String(decoding: Resources.presenceReferences, as: UTF8.self)
        return try LabelSet(text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map(String.init))
    }
}
