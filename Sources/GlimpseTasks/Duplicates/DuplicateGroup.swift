/// Pictures that are the same in some degree.
public struct DuplicateGroup: Sendable, Hashable {
    /// A picture, and how it is the same as the representative.
    public struct Member: Sendable, Hashable {
        /// The picture.
        public let picture: ExaminedPicture
        /// How it is the same as the representative.
        public let match: DuplicateMatch
    }

    /// A file of the group.
    public struct File: Sendable, Hashable {
        /// Where it is.
        public let path: String
        /// When it was last modified, in seconds since 1970.
        public let modifiedAt: Int64
        /// What it contains.
        public let picture: ExaminedPicture

        /// Describes a file.
        public init(path: String, modifiedAt: Int64, picture: ExaminedPicture) {
            self.path = path
            self.modifiedAt = modifiedAt
            self.picture = picture
        }
    }

    /// How much they are the same: no member is so in a lesser degree.
    public let tier: DuplicateTier
    /// The picture that every member was compared with; the only picture of an identical group.
    public let representative: ExaminedPicture
    /// The others, ordered by path.
    public let members: [Member]

    /// All files, those of the representative first.
    public var files: [File] {
        ([representative] + members.map(\.picture)).flatMap { picture in
            picture.files.map { File(path: $0.path, modifiedAt: $0.modifiedAt, picture: picture) }
        }
    }
}

/// What a search for duplicates found.
public struct DuplicateReport: Sendable, Hashable {
    /// How much work it was.
    public struct Effort: Sendable, Hashable {
        /// Perceptual hashes that were compared.
        public let hashComparisons: Int
        /// Embeddings that were compared.
        public let embeddingComparisons: Int
        /// Pairs of pictures that were looked at closely.
        public let checkedPairs: Int
    }

    /// The groups, the tiers in their order, those of a tier by path.
    ///
    /// A picture is in one group of a tier at most, and only the representative of a group can be in one of a lesser tier.
    public let groups: [DuplicateGroup]
    /// How much work it was.
    public let effort: Effort
}
