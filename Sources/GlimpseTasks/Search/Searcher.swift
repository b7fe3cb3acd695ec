internal import Foundation
public import GlimpseLibrary
public import GlimpseMedia
public import GlimpseModels

/// Looks for pictures of a library by words, by pictures, and by sums of both.
public struct Searcher: Sendable {
    private let library: MediaLibrary
    private let embedder: Embedder
    private let decoder: ImageDecoder

    /// Joins a library with the model it was indexed with.
    public init(library: MediaLibrary, embedder: Embedder, decoder: ImageDecoder = ImageDecoder()) {
        self.library = library
        self.embedder = embedder
        self.decoder = decoder
    }

    /// The pictures that fit a query best, the best first.
    ///
    /// - Parameters:
    ///   - terms: what is looked for.
    ///   - limit: how many pictures at most.
    /// - Returns: matches with the cosine of each; copies of one picture are one match with all the paths that still exist.
    /// - Throws: `TaskError` when the library has nothing of this model or the terms cancel out, `MediaError` for a picture that cannot be
    ///   read, `LibraryError`, `ModelError`.
    public func search(_ terms: [QueryTerm], limit: Int) throws -> [SearchMatch] {
        let query = try embedding(of: terms)
        // Files that are gone since they were indexed are left out, and others take their places.
        var asked = limit
        while true {
            let found = try library.search(query, limit: asked)
            if found.isEmpty { try explainEmptiness() }
            let matches = found.compactMap { match in
                match.keepingPaths(where: FileManager.default.fileExists(atPath:))
            }
            if matches.count >= limit || found.count < asked { return Array(matches.prefix(limit)) }
            asked *= 2
        }
    }

    /// The point in the model's space that a query means: Σ weight · embedding, of length 1.
    public func embedding(of terms: [QueryTerm]) throws -> Embedding {
        var sum = [Float](repeating: 0, count: embedder.model.identity.dimension)
        for term in terms {
            let embedding = try embedding(of: term.content)
            for index in sum.indices { sum[index] += term.weight * embedding.values[index] }
        }
        let result = Embedding(normalizing: sum, model: embedder.model.identity)
        guard result.values.contains(where: { $0 != 0 }) else {
            throw TaskError(.invalidInput, "the terms of the query cancel each other out")
        }
        return result
    }

    private func embedding(of content: EmbeddingInput) throws -> Embedding {
        switch content {
        case .text(let text):
            return try embedder.embed(texts: [text])[0]
        case .picture(let path):
            return try embedder.embed(pictures: [decoder.decode(path: path)])[0]
        }
    }

    private func explainEmptiness() throws {
        let statistics = try library.statistics()
        let model = embedder.model.identity
        let indexed = statistics.models.filter { $0.embeddingCount > 0 }
        guard !indexed.contains(where: { $0.model.fingerprint == model.fingerprint }) else { return }
        let others = indexed.map(\.model.name)
        throw TaskError(
            .nothingIndexed,
            others.isEmpty
                ? "the library has no pictures yet"
                : others.contains(model.name)
                    ? "the pictures of the library were indexed with another edition of the model \"\(model.name)\""
                    : "the library has no pictures of the model \"\(model.name)\", only of \(others.joined(separator: ", "))",
            remedy: "run: glimpse index FOLDER")
    }
}
