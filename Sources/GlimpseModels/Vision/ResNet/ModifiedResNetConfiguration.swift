/// What distinguishes one of OpenAI's residual networks from another.
struct ModifiedResNetConfiguration: Hashable, Sendable {
    /// The side of the pictures in pixels, a multiple of 32.
    let imageSide: Int
    /// Channels after the stem; the blocks of the last stage give 32 times as many.
    let width: Int
    /// How many blocks each of the four stages has.
    let blockCounts: [Int]
    /// Heads of the attention that pools.
    let headCount: Int
    /// E, the length of an embedding.
    let embeddingDimension: Int

    /// How much smaller the last stage's picture is than the first: by the stem's two steps and three stages.
    static let reduction = 32

    /// Channels of the last stage.
    var pooledWidth: Int { width * 32 }
    /// Pixels of the last stage's picture.
    var pooledPixelCount: Int { (imageSide / Self.reduction) * (imageSide / Self.reduction) }

    /// Makes sure that the sizes make a model.
    func validate(_ part: String, at location: String) throws {
        func demand(_ holds: Bool, _ message: String) throws {
            if !holds { throw ModelError(.invalidConfiguration, "\(part): \(message)", at: location) }
        }
        try demand(
            (32...8192).contains(imageSide) && imageSide % Self.reduction == 0,
            "an image size of \(imageSide) pixels, expected a multiple of \(Self.reduction)")
        try demand((2...10_000).contains(width) && width % 2 == 0, "a width of \(width), expected an even number")
        try demand(
            blockCounts.count == 4 && blockCounts.allSatisfy { (1...1000).contains($0) },
            "layers are \(blockCounts), expected four numbers of 1 to 1,000")
        try demand(
            headCount > 0 && pooledWidth % headCount == 0,
            "\(pooledWidth) channels are not divisible by \(headCount) heads")
        try demand((1...1_000_000).contains(embeddingDimension), "embeddings of \(embeddingDimension) numbers")
    }
}
