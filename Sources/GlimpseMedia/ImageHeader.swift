/// What a picture's header says, read without decoding a pixel.
public struct ImageHeader: Hashable, Sendable {
    /// The width of the upright picture in pixels.
    public let width: Int
    /// The height of the upright picture in pixels.
    public let height: Int
    /// The format of the file.
    public let format: ImageFormat
    /// How the picture is stored; `width` and `height` are those after turning it upright.
    public let orientation: Orientation
    /// When, with what and where the picture was taken.
    public let metadata: PictureMetadata
}
