/// A picture that answers a search.
public struct SearchMatch: Hashable, Sendable {
    /// The paths of all files with this content that the filter lets pass, in the order of their bytes; never empty.
    public let paths: [String]
    /// The cosine of query and picture, −1…1; comparable within one model only.
    public let score: Float
    /// What the picture is known by.
    public let contentHash: ContentHash
    /// What the picture says of itself.
    public let description: ContentDescription

    /// The first of the paths.
    public var path: String { paths[0] }

    /// The order of answers: by score, and equal scores by path.
    public static func isBetter(_ one: SearchMatch, than other: SearchMatch) -> Bool {
        one.score == other.score
            ? one.path.utf8.lexicographicallyPrecedes(other.path.utf8) : one.score > other.score
    }

    /// The match with only those of its paths that `isKept` keeps; nil when it keeps none.
    public func keepingPaths(where isKept: (String) throws -> Bool) rethrows -> SearchMatch? {
        let kept = try paths.filter(isKept)
        guard !kept.isEmpty else { return nil }
        return SearchMatch(paths: kept, score: score, contentHash: contentHash, description: description)
    }
}
