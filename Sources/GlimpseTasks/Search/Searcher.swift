public import Foundation
public import GlimpseLibrary
public import GlimpseMedia
public import GlimpseModels

/// Looks for pictures of a library by words, by pictures, and by sums of both.
public struct Searcher: Sendable {
    private let library: MediaLibrary
    private let embedder: Embedder
    private let decoder: ImageDecoder
    private let standardInput: @Sendable () throws -> Data
    private let heads: ZeroShotHeadCache

    /// So many of the best are looked at for one that shows what was asked: the first by cosine need not be the most likely.
    private static let lookout = 64

    /// Joins a library with the model it was indexed with.
    ///
    /// - Parameters:
    ///   - heads: where the vectors of the texts are kept that queries have to stand out from.
    ///   - standardInput: reads the picture that a query's `-` stands for.
    public init(
        library: MediaLibrary, embedder: Embedder, decoder: ImageDecoder = ImageDecoder(),
        heads: ZeroShotHeadCache = ZeroShotHeadCache(),
        standardInput: @escaping @Sendable () throws -> Data = { Data() }
    ) {
        self.library = library
        self.embedder = embedder
        self.decoder = decoder
        self.heads = heads
        self.standardInput = standardInput
    }

    /// The pictures that fit a query best, the best first.
    ///
    /// - Parameters:
    ///   - query: what is looked for.
    ///   - limit: how many pictures at most.
    ///   - filter: what pictures must be besides.
    ///   - minimumScore: the lowest cosine that is shown.
    ///   - isEstimating: whether it is wanted how probable answers are.
    ///   - known: the embeddings of terms that are known already; they are neither read nor embedded.
    /// - Returns: answers with the cosine of each and, for texts, how probable it is that what was asked is there; copies of one picture are
    ///   one answer with all the paths that still exist.
    /// - Throws: `TaskError` when the library has nothing of this model or the terms cancel out, `MediaError` for a picture that cannot be
    ///   read, `LibraryError`, `ModelError`.
    public func search(
        _ query: Query, limit: Int, filter: SearchFilter = SearchFilter(), minimumScore: Float? = nil,
        isEstimating: Bool = true, known: [QueryTerm.Content: Embedding] = [:]
    ) throws -> SearchAnswers {
        var best: [ContentHash: SearchAnswer] = [:]
        var presence: Float?
        for terms in query.alternatives {
            let point = try embedding(of: terms, known: known)
            let found = try answers(to: terms, at: point, limit: limit, filter: filter, isEstimating: isEstimating)
            if let likeliest = found.compactMap(\.presence).max() { presence = max(presence ?? 0, likeliest) }
            for answer in found {
                let hash = answer.match.contentHash
                if let known = best[hash], known.match.score >= answer.match.score { continue }
                best[hash] = answer
            }
        }
        let answers = best.values.filter { answer in minimumScore.map { answer.match.score >= $0 } ?? true }
            .sorted { SearchMatch.isBetter($0.match, than: $1.match) }
        // A picture or a sum has whatever is nearest.
        let canBeTold = answers.allSatisfy { $0.presence != nil }
        return SearchAnswers(Array(answers.prefix(limit)), best: canBeTold ? presence : nil)
    }

    private func answers(
        to terms: [QueryTerm], at query: Embedding, limit: Int, filter: SearchFilter, isEstimating: Bool
    ) throws -> [SearchAnswer] {
        guard isEstimating, terms.count == 1, terms[0].weight > 0, case .text = terms[0].content else {
            return try search(query, limit: limit, filter: filter).map { SearchAnswer(match: $0, presence: nil) }
        }
        let matches = try search(query, limit: max(limit, Self.lookout), filter: filter)
        let model = embedder.model.identity
        let (sample, count) = try library.sample(
            of: model, limit: PresenceEstimator.sampleLimit, passing: filter)
        let estimator = PresenceEstimator(
            references: try PresenceReferences.head(of: embedder, cache: heads), sample: sample)
        let pictures = try matches.compactMap { match in
            try library.embedding(forContent: match.contentHash, model: model).map { (match, $0) }
        }
        let presences = estimator.presences(of: query, in: pictures.map(\.1), outOf: count)
        return zip(pictures, presences).map { SearchAnswer(match: $0.0, presence: $1) }
    }

    private func search(_ query: Embedding, limit: Int, filter: SearchFilter) throws -> [SearchMatch] {
        // Files that are gone since they were indexed are left out.
        let matches = try library.search(
            query, limit: limit, filter: filter, where: FileManager.default.fileExists(atPath:))
        if matches.isEmpty { try explainEmptiness() }
        return matches
    }

    /// The point in the model's space that a sum of terms means: Σ weight · embedding, of length 1.
    ///
    /// - Parameter known: the embeddings of terms that are known already.
    public func embedding(
        of terms: [QueryTerm], known: [QueryTerm.Content: Embedding] = [:]
    ) throws -> Embedding {
        var sum = [Float](repeating: 0, count: embedder.model.identity.dimension)
        for term in terms {
            let embedding = try known[term.content] ?? embedding(of: term.content)
            for index in sum.indices { sum[index] += term.weight * embedding.values[index] }
        }
        let result = Embedding(normalizing: sum, model: embedder.model.identity)
        guard result.values.contains(where: { $0 != 0 }) else {
            throw TaskError(.invalidInput, "the terms of the query cancel each other out")
        }
        return result
    }

    private func embedding(of content: QueryTerm.Content) throws -> Embedding {
        switch content {
        case .text(let text):
            return try embedder.embed(texts: [text])[0]
        case .picture(let path):
            return try embedder.embed(pictures: [decoder.decode(path: path)])[0]
        case .standardInput:
            return try embedder.embed(pictures: [decoder.decode(standardInput(), name: "standard input")])[0]
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
