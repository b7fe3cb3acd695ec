public import GlimpseLibrary

/// A picture that answers a query.
public struct SearchAnswer: Hashable, Sendable {
    /// The picture, and the cosine by which it is ranked.
    public let match: SearchMatch
    /// How probable it is that the picture shows what was asked, 0…1; nil for pictures and sums, for which that cannot be told.
    public let presence: Float?
}

/// The answers to a query, the best first.
public struct SearchAnswers: Hashable, Sendable {
    /// All that were asked for, however unlikely.
    public let all: [SearchAnswer]
    /// Whether one of them is likely to show what was asked, or none can be told to.
    public let isFound: Bool

    init(_ all: [SearchAnswer], best: Float?) {
        self.all = all
        isFound = !all.isEmpty && (best ?? 1) >= PresenceEstimator.cut
    }

    /// Those that are likely enough to be shown; none when nothing is found.
    public var likely: [SearchAnswer] {
        isFound ? all.filter { ($0.presence ?? 1) >= PresenceEstimator.listCut } : []
    }
}
