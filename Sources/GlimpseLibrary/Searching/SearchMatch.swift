/// A picture that answers a search.
public struct SearchMatch: Hashable, Sendable {
    /// The paths of all files with this content, in the order of their bytes; never empty.
    public let paths: [String]
    /// The cosine of query and picture, −1…1; comparable within one model only.
    public let score: Float
    /// What the picture is known by.
    public let contentHash: ContentHash
    /// Its width in pixels, as it is seen.
    public let width: Int
    /// Its height in pixels, as it is seen.
    public let height: Int

    /// The first of the paths.
    public var path: String { paths[0] }

    /// The match with only those of its paths that `isKept` keeps; nil when it keeps none.
    public func keepingPaths(where isKept: (String) throws -> Bool) rethrows -> SearchMatch? {
        let kept = try paths.filter(isKept)
        guard !kept.isEmpty else { return nil }
        return SearchMatch(paths: kept, score: score, contentHash: contentHash, width: width, height: height)
    }
}
