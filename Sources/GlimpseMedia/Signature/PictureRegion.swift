/// A rectangle of a picture, in parts of its width and height, from the upper left corner.
public struct PictureRegion: Sendable, Hashable {
    /// The left edge, 0…1.
    public let x: Float
    /// The upper edge, 0…1.
    public let y: Float
    /// The width, 0…1.
    public let width: Float
    /// The height, 0…1.
    public let height: Float

    /// The whole picture.
    public static let whole = PictureRegion(x: 0, y: 0, width: 1, height: 1)

    /// Describes a rectangle.
    public init(x: Float, y: Float, width: Float, height: Float) {
        self.x = x
        self.y = y
        self.width = width
        self.height = height
    }

    /// Which part of the picture it is, 0…1.
    public var area: Float { width * height }
}
