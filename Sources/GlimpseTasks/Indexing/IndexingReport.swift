public import GlimpseLibrary

/// How far an indexing run has come.
public struct IndexingProgress: Hashable, Sendable {
    /// What is being done.
    public enum Phase: Hashable, Sendable {
        /// Files are looked for: the total still grows, and nothing is completed.
        case counting
        /// Files are read and embedded.
        case indexing
    }

    /// What is being done.
    public let phase: Phase
    /// Files looked at.
    public let completed: Int
    /// Files there are.
    public let total: Int
    /// Of the completed, those that were decoded and embedded.
    public let embedded: Int
}

/// A file or folder that could not be read, and why.
public struct UnreadableFile: Hashable, Sendable {
    /// Where it is.
    public let path: String
    /// What was wrong.
    public let message: String

    /// Pairs a place with what is wrong there.
    public init(path: String, message: String) {
        self.path = path
        self.message = message
    }
}

/// What came of an indexing run.
public struct IndexingReport: Hashable, Sendable {
    /// Pictures that were decoded and embedded.
    public internal(set) var embedded = 0
    /// Pictures whose content was known under another path: renamed, moved or copied.
    public internal(set) var linked = 0
    /// Pictures of an older library that were read again for what they say of themselves, without being embedded again.
    public internal(set) var described = 0
    /// Pictures that had not changed since the last run.
    public internal(set) var unchanged = 0
    /// What could not be read, in the order found.
    public internal(set) var unreadable: [UnreadableFile] = []
    /// Files that the library knew and that are not there any more.
    public internal(set) var missing = MissingFiles()
    /// Whether the run was cancelled before its end; what was done is kept.
    public internal(set) var wasCancelled = false

    /// All files looked at.
    public var completed: Int { embedded + linked + described + unchanged + unreadable.count }
}
