/// Makes groups out of pairs.
///
/// Pictures that are connected by pairs may have nothing in common: each is a little different from the next. So every member is
/// matched with the one picture that represents its group (leader clustering: J. Hartigan, "Clustering Algorithms", 1975); the pictures with
/// the most matches lead first (star clustering: Aslam, Pelekhov and Rus, 2004).
struct DuplicateGrouping {
    /// A group by the indices of its pictures.
    struct Group {
        let leader: Int
        /// When its pictures were taken, where any of them tells.
        var capturedAt: Int64?
        var members: [(index: Int, match: DuplicateMatch)] = []
    }

    /// Beside the leaders it is known to match, a picture is compared with so many others of those it is connected to.
    private static let leaderLimit = 32
    /// So many members that could be frames of the same burst are compared with one that joins.
    private static let frameLimit = 8

    private let tier: DuplicateTier
    private let matcher: PairMatcher

    init(_ tier: DuplicateTier, _ matcher: PairMatcher) {
        self.tier = tier
        self.matcher = matcher
    }

    /// The groups of two and more.
    ///
    /// - Parameters:
    ///   - pairs: that match in this tier or a greater one.
    ///   - isAvailable: whether a picture may be in a group.
    /// - Complexity: O(pairs + pictures · leaderLimit) matches.
    func groups(_ pairs: [(Int, Int)], isAvailable: [Bool]) -> [Group] {
        var sets = UnionFind(count: isAvailable.count)
        var matching: [Int: [Int]] = [:]
        for (a, b) in pairs where isAvailable[a] && isAvailable[b] {
            sets.join(a, b)
            matching[a, default: []].append(b)
            matching[b, default: []].append(a)
        }
        var connected: [Int: [Int]] = [:]
        for index in matching.keys.sorted() { connected[sets.root(of: index), default: []].append(index) }
        return connected.keys.sorted().flatMap { groups(ofConnected: connected[$0] ?? [], matching) }
    }

    private func groups(ofConnected indices: [Int], _ matching: [Int: [Int]]) -> [Group] {
        let ordered = indices.sorted { a, b in
            let (countA, countB) = (matching[a]?.count ?? 0, matching[b]?.count ?? 0)
            return countA != countB ? countA > countB : ExaminedPicture.leads(matcher.pictures[a], matcher.pictures[b])
        }
        var groups: [Group] = []
        var groupOfLeader: [Int: Int] = [:]
        for index in ordered {
            let known = (matching[index] ?? []).compactMap { groupOfLeader[$0] }.sorted()
            let others = groups.indices.suffix(Self.leaderLimit).filter { !known.contains($0) }
            var isMember = false
            for group in known + others {
                if mayJoin(index, groups[group]), let match = matcher.match(index, to: groups[group].leader),
                    match.tier <= tier
                {
                    groups[group].members.append((index, match))
                    groups[group].capturedAt = groups[group].capturedAt ?? matcher.pictures[index].capturedAt
                    isMember = true
                    break
                }
            }
            if !isMember {
                groupOfLeader[index] = groups.count
                groups.append(Group(leader: index, capturedAt: matcher.pictures[index].capturedAt))
            }
        }
        return groups.filter { !$0.members.isEmpty }
    }

    /// Whether nothing in the group speaks against a picture.
    ///
    /// Two frames of a burst may both match a copy that was shrunk or has lost its time, and are no copies of each other for that.
    private func mayJoin(_ index: Int, _ group: Group) -> Bool {
        guard tier == .copy, let time = matcher.pictures[index].capturedAt, let other = group.capturedAt else {
            return true
        }
        guard time == other else { return false }
        let ofOneSize = group.members.lazy.map(\.index).filter { member in
            matcher.pictures[member].capturedAt != nil && matcher.pictures[member].hasSize(of: matcher.pictures[index])
        }
        return ofOneSize.prefix(Self.frameLimit).allSatisfy { matcher.match(index, to: $0)?.tier == .copy }
    }
}
