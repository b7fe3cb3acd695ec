import GlimpseLibrary
import GlimpseMedia
import GlimpseModels
import GlimpseTasks
import GlimpseTensor

/// Pictures with made-up embeddings, among which duplicates are looked for.
struct Album {
    private(set) var pictures: [ExaminedPicture] = []
    private(set) var embeddings: [Embedding] = []

    static let dimension = 32
    private static let model = ModelIdentity(name: "made up", fingerprint: "0", dimension: dimension)

    /// Adds a picture of a subject.
    ///
    /// - Parameters:
    ///   - name: its path.
    ///   - subject: pictures of one subject have nearly the same embedding.
    ///   - noise: the part of the embedding that is its own.
    mutating func add(
        _ name: String, _ pixels: Pixels? = nil, subject: Int, noise: Float = 0.1, capturedAt: Int64? = nil,
        copies: [String] = [], size: (width: Int, height: Int) = (100, 100)
    ) {
        let number = pictures.count + 1
        let hash = Array(name.utf8).withUnsafeBytes { ContentHash(of: $0) }
        pictures.append(
            ExaminedPicture(
                id: Int64(number), contentHash: hash, byteCount: Int64(1000 + number),
                width: pixels?.width ?? size.width, height: pixels?.height ?? size.height, capturedAt: capturedAt,
                files: ([name] + copies).map { ExaminedPicture.File(path: $0, modifiedAt: 0) },
                signature: pixels.map { PictureSignature(of: $0) }))
        let own = Self.direction(seed: hash.bytes.prefix(6).reduce(0) { $0 << 8 | UInt64($1) })
        add(zip(Self.direction(seed: UInt64(subject)), own).map { $0 + noise * $1 })
    }

    /// Adds a picture without a signature, with an embedding of its own.
    mutating func add(_ name: String, embedding: [Float]) {
        add(name, subject: 0)
        embeddings.removeLast()
        add(embedding)
    }

    private mutating func add(_ values: [Float]) {
        embeddings.append(Embedding(normalizing: values, model: Self.model))
    }

    /// A random direction.
    static func direction(seed: UInt64) -> [Float] {
        var random = SeededRandom(seed: seed)
        let values = (0..<dimension).map { _ in
            (0..<4).reduce(Float(0)) { sum, _ in sum + Float.random(in: -1...1, using: &random) }
        }
        return Embedding(normalizing: values, model: model).values
    }

    func find(_ tiers: Set<DuplicateTier> = Set(DuplicateTier.allCases), threadCount: Int = 2) throws -> DuplicateReport
    {
        var options = DuplicateOptions()
        options.tiers = tiers
        return try DuplicateFinder(options: options, threadCount: threadCount)
            .find(among: pictures, embeddings: EmbeddingRows(embeddings))
    }

    /// The same pictures in another order.
    func shuffled(seed: UInt64) -> Album {
        var random = SeededRandom(seed: seed)
        var album = Album()
        for index in pictures.indices.shuffled(using: &random) {
            album.pictures.append(pictures[index])
            album.embeddings.append(embeddings[index])
        }
        return album
    }
}

extension DuplicateReport {
    /// The paths of the groups of a tier, sorted.
    func paths(_ tier: DuplicateTier) -> [[String]] {
        groups.filter { $0.tier == tier }.map { $0.files.map(\.path).sorted() }.sorted { $0[0] < $1[0] }
    }

    /// How the picture with a path is the same as the representative of its group.
    func match(_ path: String) -> DuplicateMatch? {
        groups.flatMap(\.members).first { $0.picture.path == path }?.match
    }
}
