/// What a picture's file tells of how it was taken: when, with what, where.
///
/// The file is not trusted: what is malformed or impossible counts as missing.
public struct PictureMetadata: Sendable, Hashable {
    /// When the picture was taken.
    public var capturedAt: CaptureTime?
    /// The make and model of the camera, such as "Canon EOS 80D": one line, at most 100 characters.
    public var camera: String?
    /// Degrees north of the equator, −90…90; nil where `longitude` is.
    public var latitude: Double?
    /// Degrees east of Greenwich, −180…180; nil where `latitude` is.
    public var longitude: Double?

    /// Describes a picture by its parts.
    public init(
        capturedAt: CaptureTime? = nil, camera: String? = nil, latitude: Double? = nil, longitude: Double? = nil
    ) {
        self.capturedAt = capturedAt
        self.camera = camera
        self.latitude = latitude
        self.longitude = longitude
    }

    /// Reads what the texts of EXIF fields say.
    package init(exif: [ExifField: String]) {
        capturedAt = CaptureTime(exif: exif)
        camera = CameraName.joined(make: exif[.make], model: exif[.model])
        guard
            let latitude = GeographicAngle.degrees(
                exif[.latitude], direction: exif[.latitudeReference], positive: "N", negative: "S", limit: 90),
            let longitude = GeographicAngle.degrees(
                exif[.longitude], direction: exif[.longitudeReference], positive: "E", negative: "W", limit: 180)
        else { return }
        self.latitude = latitude
        self.longitude = longitude
    }
}
