/// What counts as a duplicate.
///
/// Similarities are cosines as parts of the way from that of unrelated pictures, 0, to that of the same picture, 1: plain cosines
/// mean something else in every model.
///
/// The thresholds of copies were chosen on 114 pictures (91 of OpenCV's examples, 12 of MATE's photographs of nature, 11 of
/// scikit-image and scikit-learn) with 32 transformed copies of each, and on 467 of Tux Paint's stamps, objects before white. Of the 6,441
/// pairs of different pictures of the former, four pass, all frames or variants of one scene; of the 108,811 of the latter 47,
/// nearly all of them eight pictures of one spinning top, and letters with and without an accent.
public struct DuplicateOptions: Sendable, Hashable {
    /// The tiers that are looked for.
    public var tiers: Set<DuplicateTier> = Set(DuplicateTier.allCases)
    /// Perceptual hashes of copies differ in no more bits.
    public var hashDistance = 12
    /// At least this share of a copy's levels agrees once brightness and contrast are fitted; the rest may be written over, or cut off
    /// by the end of the scale.
    public var agreeingShare: Float = 0.6
    /// The levels that agree correlate at least so much.
    public var agreeingCorrelation: Float = 0.95
    /// At least this share of the places with detail agrees. Without this, objects before a white page are taken for each other:
    /// 106 pairs of stamps pass, not 47.
    public var agreeingDetail: Float = 0.55
    /// Crops are looked for among pictures at least so similar: with the model lite 0.97 of crops of 30 % are, and 4 % to 7 % of
    /// different pictures.
    public var cropSimilarity: Float = 0.4
    /// A crop is at least this part of the whole.
    public var cropArea: Float = 0.15
    /// The chroma of copies differs by at most so many levels on average.
    public var chromaDifference: Float = 16
    /// Where two pictures of one size were taken in the same second, copies are told from the frames of a burst by a luma that
    /// correlates at least so much.
    public var sameSecondCorrelation: Float = 0.999
    /// The pictures of a burst were taken within so many seconds of its best.
    public var burstSeconds: Int64 = 10
    /// The pictures of a burst are at least so similar: with the model lite 0.99 of those that were moved, turned and scaled by up
    /// to 3 % are.
    public var burstSimilarity: Float = 0.6
    /// Look-alikes are at least so similar: with the model lite, of the 6,441 pairs of different pictures 38 are, and all show the
    /// same kind of thing in the same way.
    public var lookAlikeSimilarity: Float = 0.85

    /// The thresholds that were measured.
    public init() {}
}
