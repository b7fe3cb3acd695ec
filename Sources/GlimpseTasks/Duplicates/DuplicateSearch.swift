public import GlimpseLibrary
internal import GlimpseMedia
public import GlimpseModels

/// Looks for duplicates among the pictures of a library.
public struct DuplicateSearch: Sendable {
    private let library: MediaLibrary
    private let model: ModelIdentity

    /// Joins a library with the model it was indexed with.
    public init(library: MediaLibrary, model: ModelIdentity) {
        self.library = library
        self.model = model
    }

    /// The duplicates among the pictures that pass a filter and whose files are there.
    ///
    /// - Throws: `TaskError` when the model has embedded nothing there, `LibraryError`, `CancellationError`.
    /// - Complexity: O(n log n) for n pictures.
    public func run(
        passing filter: SearchFilter = SearchFilter(), options: DuplicateOptions = DuplicateOptions()
    ) throws -> DuplicateReport {
        guard let vectors = try library.vectorRows(of: model) else {
            throw TaskError(
                .nothingIndexed, "the library has no pictures of the model \"\(model.name)\"",
                remedy: "run: glimpse index FOLDER")
        }
        var pictures: [ExaminedPicture] = []
        var rows: [UnsafePointer<Float>] = []
        for content in try library.contents(passing: filter) {
            guard let row = vectors.row(ofContent: content.id), let picture = ExaminedPicture(content) else { continue }
            pictures.append(picture)
            rows.append(row)
        }
        guard !pictures.isEmpty || filter.under.isEmpty else {
            throw TaskError(
                .nothingIndexed, "the library has no pictures in \(filter.under.joined(separator: ", "))",
                remedy: "run: glimpse index FOLDER")
        }
        let embeddings = EmbeddingRows(dimension: model.dimension, rows: rows, owner: vectors)
        return try DuplicateFinder(options: options).find(among: pictures, embeddings: embeddings)
    }
}

extension ExaminedPicture {
    /// A content with those of its files that are where they were, as they were; nil when there is none.
    fileprivate init?(_ content: LibraryContent) {
        let files = content.files.filter(\.isUnchanged)
        guard !files.isEmpty else { return nil }
        let description = content.description
        self.init(
            id: content.id, contentHash: content.contentHash, byteCount: content.byteCount, width: description.width,
            height: description.height, capturedAt: description.capturedAt,
            files: files.map { File(path: $0.path, modifiedAt: $0.modifiedNanoseconds / 1_000_000_000) },
            signature: description.signature.flatMap { PictureSignature(bytes: $0) })
    }
}
