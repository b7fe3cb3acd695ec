/// How much two pictures are the same, the most first.
public enum DuplicateTier: String, Sendable, Hashable, CaseIterable, Codable {
    /// The same bytes.
    case identical
    /// The same picture: encoded anew, scaled, turned, mirrored, cropped a little, framed, written upon.
    case copy
    /// The same scene, seconds apart.
    case burst
    /// Another picture that looks much the same.
    case lookAlike = "look-alike"
}

extension DuplicateTier: Comparable {
    /// Whether pictures of tier `a` are the same in a greater degree than those of `b`.
    public static func < (a: DuplicateTier, b: DuplicateTier) -> Bool { a.rank < b.rank }

    private var rank: Int {
        switch self {
        case .identical: 0
        case .copy: 1
        case .burst: 2
        case .lookAlike: 3
        }
    }
}
