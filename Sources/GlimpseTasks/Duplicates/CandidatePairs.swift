internal import GlimpseMedia

/// Two pictures worth comparing.
struct CandidatePair: Sendable, Hashable {
    /// The picture that comes later.
    let member: Int
    /// The picture that comes earlier.
    let leader: Int
    /// The orientation from which the hash of `member` must be turned upright to be near that of `leader`: as found by hashes.
    let orientation: Orientation?
    /// The distance of the hashes; more than any for pairs that other means found.
    let distance: Int
}

/// Collects the pairs worth comparing: few more than there are duplicates.
struct CandidatePairs {
    /// Each pair once, with what its hashes say.
    private(set) var pairs: [CandidatePair] = []
    /// How many hashes were compared.
    private(set) var hashComparisonCount = 0
    /// How many embeddings were compared.
    private(set) var embeddingComparisonCount = 0

    /// Below this contrast, in levels, the hash is one of rounding.
    private static let leastContrast: Float = 2
    /// A picture is compared with so many of those that were taken after it.
    private static let burstLength = 8
    private static let noDistance = 65

    /// Collects what hashes, embeddings and times suggest.
    ///
    /// - Complexity: O(n log n).
    init(_ matcher: PairMatcher, threadCount: Int) {
        let tiers = matcher.options.tiers
        if tiers.contains(.copy) { addNearHashes(matcher, threadCount: threadCount) }
        addNeighbors(matcher, threadCount: threadCount)
        if tiers.contains(.burst) { addBursts(matcher) }
        pairs.sort { ($0.member, $0.leader, $0.distance) < ($1.member, $1.leader, $1.distance) }
        var distinct: [CandidatePair] = []
        for pair in pairs where distinct.last?.member != pair.member || distinct.last?.leader != pair.leader {
            distinct.append(pair)
        }
        pairs = distinct
    }

    private mutating func addNearHashes(_ matcher: PairMatcher, threadCount: Int) {
        let pictures = matcher.pictures
        let hashes = inParallel(count: pictures.count, threadCount: threadCount) { index -> [PerceptualHash] in
            guard let signature = pictures[index].signature, signature.contrast >= Self.leastContrast else { return [] }
            return signature.hashesOfAllOrientations
        }
        let index = PerceptualHashIndex(
            hashes.enumerated().compactMap { entry in entry.element.first.map { (entry.offset, $0) } })
        let found = inParallel(count: pictures.count, threadCount: threadCount) { member in
            var pairs: [CandidatePair] = []
            var compared = 0
            for (orientation, hash) in zip(Orientation.allCases, hashes[member]) {
                compared += index.visit(near: hash, within: matcher.options.hashDistance, below: member) {
                    pairs.append(
                        CandidatePair(member: member, leader: $0, orientation: orientation, distance: $1))
                }
            }
            return (pairs, compared)
        }
        for (pairs, compared) in found {
            self.pairs += pairs
            hashComparisonCount += compared
        }
    }

    private mutating func addNeighbors(_ matcher: PairMatcher, threadCount: Int) {
        let options = matcher.options
        var similarities: [Float] = []
        if options.tiers.contains(.copy) { similarities.append(options.cropSimilarity) }
        if options.tiers.contains(.lookAlike) { similarities.append(options.lookAlikeSimilarity) }
        guard let least = similarities.min() else { return }
        let (lists, compared) = NeighborForest(threadCount: threadCount).neighbors(
            among: matcher.rows, minimumCosine: matcher.scale.cosine(ofSimilarity: least))
        embeddingComparisonCount = compared
        for row in 0..<lists.rowCount {
            for neighbor in lists[row] {
                let other = Int(neighbor.row)
                pairs.append(
                    CandidatePair(
                        member: max(row, other), leader: min(row, other), orientation: nil,
                        distance: Self.noDistance))
            }
        }
    }

    /// Pairs each picture with the next ones that were taken.
    private mutating func addBursts(_ matcher: PairMatcher) {
        let timed = matcher.pictures.indices.compactMap { index in
            matcher.pictures[index].capturedAt.map { (time: $0, index: index) }
        }.sorted { ($0.time, $0.index) < ($1.time, $1.index) }
        for (position, first) in timed.enumerated() {
            for second in timed[(position + 1)...].prefix(Self.burstLength) {
                guard second.time - first.time <= matcher.options.burstSeconds else { break }
                pairs.append(
                    CandidatePair(
                        member: max(first.index, second.index), leader: min(first.index, second.index),
                        orientation: nil, distance: Self.noDistance))
            }
        }
    }
}
