public import GlimpseModels

/// What came of looking at a file, ready to be recorded.
public struct IndexedFile: Hashable, Sendable {
    /// What a file turned out to hold.
    public enum Outcome: Hashable, Sendable {
        /// A picture: its content, what the model makes of it, and what it says of itself.
        case embedded(ContentHash, Embedding, ContentDescription)
        /// Content the library already has a vector for, but no description of the present edition.
        case described(ContentHash, ContentDescription)
        /// Content the library already has a vector and a description for: only the path is new.
        case known(ContentHash)
        /// Nothing that could be decoded, and why.
        case failed(message: String)
    }

    /// The file as it was before it was read, so that a change in the meantime shows in the next run.
    public let file: MediaFile
    /// What it holds.
    public let outcome: Outcome

    /// Pairs a file with what came of it.
    public init(file: MediaFile, outcome: Outcome) {
        self.file = file
        self.outcome = outcome
    }
}

/// What has to be done for a file so that the library is up to date with it.
public enum FilePlan: Hashable, Sendable {
    /// Nothing: it has not changed, and its content is embedded by this model and described.
    case current
    /// Nothing: it could not be decoded before, for this reason, and has not changed since.
    case failedBefore(message: String)
    /// It is new, has changed, or this model has not seen its content, or an older version of Glimpse described it. The content is named when the library knows it from
    /// before and the file has not changed; else it has to be hashed.
    case needsIndexing(content: ContentHash?)
}
