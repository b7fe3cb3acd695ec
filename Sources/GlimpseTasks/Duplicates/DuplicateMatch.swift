public import GlimpseMedia

/// How a picture is the same as the one that represents its group.
public struct DuplicateMatch: Sendable, Hashable {
    /// Where the common picture lies.
    public enum Extent: Sendable, Hashable {
        /// Both show the same.
        case whole
        /// The picture is a part of the representative: a crop.
        case part(of: PictureRegion)
        /// The picture contains the representative: with a frame, or in a screenshot.
        case containing(PictureRegion)
    }

    /// How much they are the same.
    public let tier: DuplicateTier
    /// The cosine of the embeddings, −1…1.
    public let cosine: Float
    /// The cosine as a part of the way from unrelated, 0, to the same, 1.
    public let similarity: Float
    /// The bits of the perceptual hashes that differ, the picture turned as found; nil where there is no signature.
    public let hashDistance: Int?
    /// The correlation of the lumas over what is common; nil where there is no signature.
    public let correlation: Float?
    /// The orientation from which the picture must be turned upright to be as the representative.
    public let orientation: Orientation
    /// Where the common picture lies.
    public let extent: Extent
    /// How many seconds later than the representative it was taken; nil where one of the times is unknown.
    public let secondsLater: Int64?
}
