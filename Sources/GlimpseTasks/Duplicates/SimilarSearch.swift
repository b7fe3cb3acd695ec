public import Foundation
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
        let picture = ExaminedPicture(
            id: Self.queryID, contentHash: try ContentHash(ofFileAt: path),
            byteCount: try FileManager.default.size(ofFileAt: path), width: pixels.width, height: pixels.height,
            capturedAt: try capturedAt(path), files: [.init(path: path, modifiedAt: 0)],
            signature: PictureSignature(of: pixels))
        let embedding = try embedder.embed(pictures: [pixels])[0]
        return try pictures(like: picture, at: embedding, limit: limit, filter: filter) { $0 != path }
    }

    /// The pictures most like one whose bytes are at hand, the best first.
    ///
    /// - Parameters:
    ///   - bytes: a picture file.
    ///   - name: what to call it in errors.
    ///   - embedding: where the model puts it; nil to have it embedded.
    /// - Throws: `MediaError` for a picture that cannot be read, `LibraryError`, `ModelError`.
    public func pictures(
        like bytes: Data, name: String, embedding: Embedding? = nil, limit: Int, filter: SearchFilter = SearchFilter()
    ) throws -> [SimilarPicture] {
        let pixels = try decoder.decode(bytes, name: name)
        let header = try decoder.header(bytes, name: name)
        let picture = ExaminedPicture(
            id: Self.queryID, contentHash: bytes.withUnsafeBytes(ContentHash.init(of:)), byteCount: Int64(bytes.count),
            width: pixels.width, height: pixels.height,
            capturedAt: header.metadata.capturedAt.map { Int64($0.secondsSince1970) },
            files: [.init(path: name, modifiedAt: 0)], signature: PictureSignature(of: pixels))
        let embedding = try embedding ?? embedder.embed(pictures: [pixels])[0]
        return try pictures(like: picture, at: embedding, limit: limit, filter: filter) { _ in true }
    }

    /// The pictures most like one of the library, the best first; the picture itself is left out.
    ///
    /// - Throws: `TaskError` when the model has not embedded it, `LibraryError`.
    public func pictures(
        like content: LibraryContent, limit: Int, filter: SearchFilter = SearchFilter()
    ) throws -> [SimilarPicture] {
        let model = embedder.model.identity
        guard let embedding = try library.embedding(forContent: content.contentHash, model: model) else {
            throw TaskError(
                .nothingIndexed, "the picture was not indexed with the model \"\(model.name)\"",
                remedy: "run: glimpse index FOLDER")
        }
        let description = content.description
        let picture = ExaminedPicture(
            id: Self.queryID, contentHash: content.contentHash, byteCount: content.byteCount, width: description.width,
            height: description.height, capturedAt: description.capturedAt,
            files: content.files.map { .init(path: $0.path, modifiedAt: 0) },
            signature: description.signature.flatMap { PictureSignature(bytes: $0) })
        let own = Set(content.files.map(\.path))
        return try pictures(like: picture, at: embedding, limit: limit, filter: filter) { !own.contains($0) }
    }

    /// No content of the library has this number.
    private static let queryID: Int64 = -1

    private func pictures(
        like picture: ExaminedPicture, at embedding: Embedding, limit: Int, filter: SearchFilter,
        where isWanted: (String) -> Bool
    ) throws -> [SimilarPicture] {
        let matches = try library.search(embedding, limit: limit, filter: filter) { path in
            isWanted(path) && FileManager.default.fileExists(atPath: path)
        }
        let tiers = try tiers(of: matches, beside: picture, embedding)
        return matches.map { match in
            SimilarPicture(
                match: match,
                tier: match.contentHash == picture.contentHash ? .identical : tiers[match.contentHash])
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
