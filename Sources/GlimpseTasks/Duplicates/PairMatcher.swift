internal import GlimpseMedia

/// Tells how two pictures are the same, looking at everything that is known of them.
struct PairMatcher: Sendable {
    let pictures: [ExaminedPicture]
    let rows: EmbeddingRows
    let scale: CosineScale
    let options: DuplicateOptions

    /// Below this contrast, in levels, lumas correlate by noise alone.
    private static let leastContrast: Float = 4
    /// What little contrast there is must then be at the same brightness, in levels.
    private static let plainLumaDifference: Float = 6
    /// A crop shows enough to be recognised by, in levels of contrast.
    private static let leastCropContrast: Float = 12

    /// How the picture `member` is the same as `leader`; nil when it is not.
    ///
    /// - Parameter orientation: from which `member` must be turned, where that is known; otherwise all are tried.
    func match(_ member: Int, to leader: Int, from orientation: Orientation? = nil) -> DuplicateMatch? {
        let cosine = rows.cosine(member, leader)
        let similarity = scale.similarity(ofCosine: cosine)
        let secondsLater = secondsBetween(leader, member)
        func match(_ tier: DuplicateTier, _ copy: Copy?) -> DuplicateMatch {
            DuplicateMatch(
                tier: tier, cosine: cosine, similarity: similarity, hashDistance: copy?.hashDistance,
                correlation: copy?.correlation, orientation: copy?.orientation ?? .up, extent: copy?.extent ?? .whole,
                secondsLater: secondsLater)
        }
        // A copy keeps the time it was taken at, or loses it.
        if options.tiers.contains(.copy), secondsLater ?? 0 == 0,
            let copy = copy(member, leader, similarity: similarity, orientation: orientation)
        {
            return match(.copy, copy)
        }
        if options.tiers.contains(.burst), let secondsLater, abs(secondsLater) <= options.burstSeconds,
            similarity >= options.burstSimilarity
        {
            return match(.burst, nil)
        }
        if options.tiers.contains(.lookAlike), similarity >= options.lookAlikeSimilarity {
            return match(.lookAlike, nil)
        }
        return nil
    }

    /// How many seconds after `first` `second` was taken.
    func secondsBetween(_ first: Int, _ second: Int) -> Int64? {
        guard let start = pictures[first].capturedAt, let end = pictures[second].capturedAt else { return nil }
        return end - start
    }

    /// What makes a picture a copy.
    private struct Copy {
        let hashDistance: Int
        let correlation: Float
        let orientation: Orientation
        let extent: DuplicateMatch.Extent
    }

    private func copy(_ member: Int, _ leader: Int, similarity: Float, orientation: Orientation?) -> Copy? {
        guard let mine = pictures[member].signature, let theirs = pictures[leader].signature else { return nil }
        let turned = (orientation.map { [$0] } ?? Orientation.allCases).map { orientation in
            (orientation: orientation, agreement: mine.agreement(with: theirs, uprightFrom: orientation))
        }
        guard let best = turned.max(by: { $0.agreement.correlation < $1.agreement.correlation }) else { return nil }
        let hashDistance = mine.upright(from: best.orientation).hash.distance(to: theirs.hash)
        let haveOneSize = pictures[member].hasSize(of: pictures[leader])
        if isWholeCopy(mine, theirs, best.orientation, best.agreement) {
            if haveOneSize, secondsBetween(leader, member) == 0,
                best.agreement.correlation < options.sameSecondCorrelation
            {
                return nil
            }
            return Copy(
                hashDistance: hashDistance, correlation: best.agreement.correlation, orientation: best.orientation,
                extent: .whole)
        }
        // Who crops gets another size; frames of one camera, a little apart, would be crops of each other.
        guard !haveOneSize, similarity >= options.cropSimilarity,
            let (extent, agreement) = crop(member, leader)
        else { return nil }
        return Copy(
            hashDistance: mine.hash.distance(to: theirs.hash), correlation: agreement.correlation, orientation: .up,
            extent: extent)
    }

    private func isWholeCopy(
        _ mine: PictureSignature, _ theirs: PictureSignature, _ orientation: Orientation,
        _ agreement: SignatureAgreement
    ) -> Bool {
        guard isSufficient(agreement),
            mine.chromaDifference(to: theirs, uprightFrom: orientation) <= options.chromaDifference
        else { return false }
        return min(mine.contrast, theirs.contrast) >= Self.leastContrast
            || abs(mine.meanLuma - theirs.meanLuma) <= Self.plainLumaDifference
    }

    private func isSufficient(_ agreement: SignatureAgreement) -> Bool {
        agreement.agreeingShare >= options.agreeingShare
            && agreement.agreeingCorrelation >= options.agreeingCorrelation
            && agreement.agreeingDetail >= options.agreeingDetail
    }

    /// Looks for either picture in the other.
    private func crop(_ member: Int, _ leader: Int) -> (DuplicateMatch.Extent, SignatureAgreement)? {
        let inLeader = region(of: member, in: leader)
        let inMember = region(of: leader, in: member)
        switch (inLeader, inMember) {
        case (let inLeader?, let inMember?) where inMember.agreement.agreeingShare > inLeader.agreement.agreeingShare:
            return (.containing(inMember.region), inMember.agreement)
        case (let inLeader?, _):
            return (.part(of: inLeader.region), inLeader.agreement)
        case (nil, let inMember?):
            return (.containing(inMember.region), inMember.agreement)
        case (nil, nil):
            return nil
        }
    }

    private func region(of part: Int, in whole: Int) -> RegionSearch.Finding? {
        guard let partSignature = pictures[part].signature, let wholeSignature = pictures[whole].signature,
            partSignature.contrast >= Self.leastCropContrast
        else { return nil }
        let search = RegionSearch(
            for: partSignature, aspectRatio: pictures[part].aspectRatio, in: wholeSignature,
            aspectRatio: pictures[whole].aspectRatio)
        guard let finding = search.best(), finding.region.area >= options.cropArea,
            isSufficient(finding.agreement)
        else { return nil }
        return finding
    }
}

extension ExaminedPicture {
    /// The width by the height.
    fileprivate var aspectRatio: Float { Float(max(1, width)) / Float(max(1, height)) }
}
