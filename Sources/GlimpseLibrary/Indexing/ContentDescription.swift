public import Foundation

/// What a picture says of itself, as far as people search by it.
public struct ContentDescription: Hashable, Sendable {
    /// The edition of the code that fills these fields. Raise it when a field is added or read better: every content is then read again
    /// at the next indexing, without being embedded again.
    package static let currentVersion = 1

    /// What a file holds.
    public enum MediaType: String, Hashable, Sendable, CaseIterable, Codable {
        /// A still picture; of an animation the first frame counts.
        case photo
        /// A video.
        case video
    }

    /// Still or moving.
    public var mediaType: MediaType
    /// How it is coded: "jpeg", "heif"; nil where nobody looked yet.
    public var format: String?
    /// Its width in pixels, as it is seen.
    public var width: Int
    /// Its height in pixels, as it is seen.
    public var height: Int
    /// When it was taken by the camera's clock, in seconds since 1970 as if that clock showed UTC.
    public var capturedAt: Int64?
    /// Maker and model of the camera.
    public var camera: String?
    /// Where it was taken.
    public var place: GeographicPoint?
    /// What copies are recognised by; see `PictureSignature`.
    public var signature: Data?

    /// Describes a content.
    public init(
        mediaType: MediaType = .photo, format: String? = nil, width: Int, height: Int, capturedAt: Int64? = nil,
        camera: String? = nil, place: GeographicPoint? = nil, signature: Data? = nil
    ) {
        self.mediaType = mediaType
        self.format = format
        self.width = width
        self.height = height
        self.capturedAt = capturedAt
        self.camera = camera
        self.place = place
        self.signature = signature
    }

    /// When it was taken, as the camera's clock showed it, which knows no time zone: `2024-05-31T18:30:00`.
    public var cameraTime: String? {
        capturedAt.map { seconds in
            Date(timeIntervalSince1970: Double(seconds)).formatted(
                .iso8601.year().month().day().time(includingFractionalSeconds: false))
        }
    }
}

/// A place on the earth.
public struct GeographicPoint: Hashable, Sendable, Codable {
    /// Degrees, north positive, −90…90.
    public let latitude: Double
    /// Degrees, east positive, −180…180.
    public let longitude: Double

    private enum CodingKeys: String, CodingKey {
        case latitude, longitude
    }

    /// The earth's mean radius in kilometres (IUGG).
    private static let earthRadius = 6371.0088

    /// Names a place; nil when the numbers are out of range.
    public init?(latitude: Double, longitude: Double) {
        guard (-90...90).contains(latitude), (-180...180).contains(longitude) else { return nil }
        self.latitude = latitude
        self.longitude = longitude
    }

    /// Reads a place.
    ///
    /// - Throws: `DecodingError`: `dataCorrupted` when the numbers are out of range.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let latitude = try container.decode(Double.self, forKey: .latitude)
        let longitude = try container.decode(Double.self, forKey: .longitude)
        guard let point = GeographicPoint(latitude: latitude, longitude: longitude) else {
            throw DecodingError.dataCorrupted(
                DecodingError.Context(
                    codingPath: decoder.codingPath,
                    debugDescription: "no place on the earth is at \(latitude), \(longitude)"))
        }
        self = point
    }

    /// The way over the surface in kilometres, by the haversine formula on a sphere: right to half a percent.
    public func distance(to other: GeographicPoint) -> Double {
        let radians = Double.pi / 180
        let (latitudeStep, longitudeStep) = (
            (other.latitude - latitude) * radians, (other.longitude - longitude) * radians
        )
        let chord =
            pow(sin(latitudeStep / 2), 2)
            + cos(latitude * radians) * cos(other.latitude * radians) * pow(sin(longitudeStep / 2), 2)
        return 2 * Self.earthRadius * asin(min(1, chord.squareRoot()))
    }
}
