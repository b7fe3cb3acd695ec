/// What a picture must be, besides alike to a query. All that is set must hold; what is not known of a picture does not hold.
public struct SearchFilter: Hashable, Sendable {
    /// How a picture lies.
    public enum Orientation: String, Hashable, Sendable, CaseIterable {
        /// Wider than high.
        case landscape
        /// Higher than wide.
        case portrait
        /// As wide as high.
        case square
    }

    /// A moment that cameras' clocks and the file system are held against.
    public struct Moment: Hashable, Sendable {
        /// What a camera's clock shows, in seconds since 1970 as if it were UTC's.
        public let cameraSeconds: Int64
        /// The same moment where the user is, in nanoseconds since 1970.
        public let fileNanoseconds: Int64

        /// Pairs the two.
        public init(cameraSeconds: Int64, fileNanoseconds: Int64) {
            self.cameraSeconds = cameraSeconds
            self.fileNanoseconds = fileNanoseconds
        }
    }

    /// A circle on the earth.
    public struct Surroundings: Hashable, Sendable {
        /// The middle.
        public let center: GeographicPoint
        /// In kilometres.
        public let radius: Double

        /// Describes a circle.
        public init(center: GeographicPoint, radius: Double) {
            self.center = center
            self.radius = radius
        }
    }

    /// Files and folders, one of which a file must be or be in; none for anywhere.
    public var under: [String] = []
    /// What a file must not be, or be in: paths, or patterns with `*`, `?` and `[…]`, where `*` stands for slashes too.
    public var excluded: [String] = []
    /// Not taken before this moment; the time of the file counts where the camera tells none.
    public var since: Moment?
    /// Taken before this moment.
    public var until: Moment?
    /// A part of the camera's name, in whatever case.
    public var camera: String?
    /// Where it was taken.
    public var near: Surroundings?
    /// Still or moving.
    public var mediaType: ContentDescription.MediaType?
    /// How it lies.
    public var orientation: Orientation?
    /// How many pixels it has.
    public var pixelCount: ClosedRange<Int64>?
    /// How long the file is, in bytes.
    public var byteCount: ClosedRange<Int64>?

    /// A filter that lets everything pass.
    public init() {}

    /// Whether everything passes.
    public var isEmpty: Bool { self == SearchFilter() }
}
