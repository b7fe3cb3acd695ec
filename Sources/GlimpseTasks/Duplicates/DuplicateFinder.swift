public import Foundation
internal import GlimpseLibrary
internal import GlimpseMedia

/// Finds pictures that are the same in some degree: identical, copied, taken in a burst, alike.
///
/// Pairs are suggested by perceptual hashes, by embeddings and by the times of capture, looked at closely, and grouped; at no step
/// is every picture compared with every other.
public struct DuplicateFinder: Sendable {
    private let options: DuplicateOptions
    private let threadCount: Int

    /// Decides what counts as a duplicate.
    ///
    /// - Parameters:
    ///   - options: the tiers and thresholds.
    ///   - threadCount: how many threads work on it; the outcome does not depend on it.
    public init(
        options: DuplicateOptions = DuplicateOptions(), threadCount: Int = ProcessInfo.processInfo.activeProcessorCount
    ) {
        self.options = options
        self.threadCount = max(1, threadCount)
    }

    /// The duplicates among pictures of different contents; their order does not matter.
    ///
    /// - Parameters:
    ///   - pictures: each content once.
    ///   - embeddings: a row for each picture, of one model.
    /// - Throws: `CancellationError` when the task is cancelled.
    /// - Complexity: O(n log n) for n pictures; 100,000 with embeddings of 512 numbers in 25 seconds on two cores of an AMD EPYC.
    public func find(among pictures: [ExaminedPicture], embeddings: EmbeddingRows) throws -> DuplicateReport {
        precondition(
            pictures.count == embeddings.count,
            "DuplicateFinder: \(embeddings.count) embeddings of \(pictures.count) pictures")
        // In an order of their own, so that everything that follows is the same whatever the order of the input.
        let order = pictures.indices.sorted {
            pictures[$0].contentHash.bytes.lexicographicallyPrecedes(pictures[$1].contentHash.bytes)
        }
        let rows = embeddings.selecting(order)
        let matcher = PairMatcher(
            pictures: order.map { pictures[$0] }, rows: rows, scale: CosineScale(samplingFrom: rows), options: options)
        var groups: [DuplicateGroup] = []
        if options.tiers.contains(.identical) {
            groups = matcher.pictures.filter { $0.files.count > 1 }.map {
                DuplicateGroup(tier: .identical, representative: $0, members: [])
            }
        }
        try Task.checkCancellation()
        let candidates = CandidatePairs(matcher, threadCount: threadCount)
        try Task.checkCancellation()
        let tiers = inParallel(count: candidates.pairs.count, threadCount: threadCount) { index in
            let pair = candidates.pairs[index]
            // Had the picture been turned, the hashes would have told.
            return matcher.match(pair.member, to: pair.leader, from: pair.orientation ?? .up)?.tier
        }
        try Task.checkCancellation()
        let matches = zip(candidates.pairs, tiers).compactMap { pair, tier in
            tier.map { (pair: (pair.member, pair.leader), tier: $0) }
        }
        var isAvailable = [Bool](repeating: true, count: pictures.count)
        for tier in DuplicateTier.allCases where tier != .identical && options.tiers.contains(tier) {
            let found = DuplicateGrouping(tier, matcher).groups(
                matches.filter { $0.tier <= tier }.map(\.pair), isAvailable: isAvailable)
            for group in found {
                for member in group.members { isAvailable[member.index] = false }
                groups.append(DuplicateGroup(group, tier: tier, pictures: matcher.pictures))
            }
            try Task.checkCancellation()
        }
        return DuplicateReport(
            groups: groups.sorted { ($0.tier, $0.representative.path) < ($1.tier, $1.representative.path) },
            effort: DuplicateReport.Effort(
                hashComparisons: candidates.hashComparisonCount,
                embeddingComparisons: candidates.embeddingComparisonCount, checkedPairs: candidates.pairs.count))
    }
}

extension DuplicateGroup {
    /// The group with its pictures in place of their indices.
    fileprivate init(_ group: DuplicateGrouping.Group, tier: DuplicateTier, pictures: [ExaminedPicture]) {
        self.init(
            tier: tier, representative: pictures[group.leader],
            members: group.members.map { Member(picture: pictures[$0.index], match: $0.match) }
                .sorted { $0.picture.path < $1.picture.path })
    }
}
