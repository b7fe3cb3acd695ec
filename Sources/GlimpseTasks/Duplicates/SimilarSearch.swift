internal import Foundation
public import GlimpseLibrary
public import GlimpseMedia
public import GlimpseModels

/// A picture of the library that is like another one.
public struct SimilarPicture: Hashable, Sendable {
    /// The picture, and the cosine by which it is ranked.
    public let match: SearchMatch
    /// In which degree the two are the same; nil where they are merely near.
    public let tier: DuplicateTier?
}

/// Looks for the pictures of a library that are like a given one, and tells copies from what is merely alike.
public struct SimilarSearch: Sendable {
    private let library: MediaLibrary
    private let embedder: Embedder
    private let decoder: ImageDecoder

    /// Joins a library with the model it was indexed with, with its image tower.
    public init(library: MediaLibrary, embedder: Embedder, decoder: ImageDecoder = ImageDecoder()) {
        self.library = library
        self.embedder = embedder
        self.decoder = decoder
    }

    /// The pictures most like the one at `path`, the best first; that file itself is left out, whether it is in the library or not.
    ///
    /// - Throws: `MediaError` for a picture that cannot be read, `LibraryError`, `ModelError`.
    /// - Complexity: as `MediaLibrary.search`.
    public func pictures(
        like path: String, limit: Int, filter: SearchFilter = SearchFilter()
    ) throws -> [SimilarPicture] {
        let path = try MediaPath.standardized(path)
        let pixels = try decoder.decode(path: path)
        let hash = try ContentHash(ofFileAt: path)
        let embedding = try embedder.embed(pictures: [pixels])[0]
        let matches = try library.search(embedding, limit: limit + 1, filter: filter).compactMap { match in
            match.keepingPaths { $0 != path && FileManager.default.fileExists(atPath: $0) }
        }.prefix(limit)
        let query = ExaminedPicture(
            id: -1, contentHash: hash, byteCount: try FileManager.default.size(ofFileAt: path), width: pixels.width,
            height: pixels.height, capturedAt: try capturedAt(path), files: [.init(path: path, modifiedAt: 0)],
            signature: PictureSignature(of: pixels))
        let tiers = try tiers(of: Array(matches), beside: query, embedding)
        return matches.map { match in
            SimilarPicture(match: match, tier: match.contentHash == hash ? .identical : tiers[match.contentHash])
        }
    }

    private func capturedAt(_ path: String) throws -> Int64? {
        try decoder.header(path: path).metadata.capturedAt.map { Int64($0.secondsSince1970) }
    }

    /// In which degree matches are the same as the query, by a search for duplicates among them.
    private func tiers(
        of matches: [SearchMatch], beside query: ExaminedPicture, _ embedding: Embedding
    ) throws -> [ContentHash: DuplicateTier] {
        var pictures = [query]
        var embeddings = [embedding]
        for match in matches where match.contentHash != query.contentHash {
            guard let known = try library.embedding(forContent: match.contentHash, model: embedding.model) else {
                continue
            }
            pictures.append(ExaminedPicture(match, id: Int64(pictures.count)))
            embeddings.append(known)
        }
        let report = try DuplicateFinder().find(among: pictures, embeddings: EmbeddingRows(embeddings))
        var tiers: [ContentHash: DuplicateTier] = [:]
        for group in report.groups {
            let hashes = [group.representative.contentHash] + group.members.map(\.picture.contentHash)
            guard hashes.contains(query.contentHash) else { continue }
            for hash in hashes where tiers[hash].map({ group.tier < $0 }) ?? true { tiers[hash] = group.tier }
        }
        return tiers
    }
}

extension ExaminedPicture {
    fileprivate init(_ match: SearchMatch, id: Int64) {
        let description = match.description
        self.init(
            id: id, contentHash: match.contentHash, byteCount: 0, width: description.width, height: description.height,
            capturedAt: description.capturedAt, files: match.paths.map { File(path: $0, modifiedAt: 0) },
            signature: description.signature.flatMap { PictureSignature(bytes: $0) })
    }
}

extension FileManager {
    fileprivate func size(ofFileAt path: String) throws -> Int64 {
        (try attributesOfItem(atPath: path)[.size] as? NSNumber)?.int64Value ?? 0
    }
}
