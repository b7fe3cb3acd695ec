public import Foundation

/// A content with everything the library knows of it, in a form that other programs and other libraries read.
public struct LibraryRecord: Hashable, Sendable, Codable {
    /// A file that has the content.
    public struct File: Hashable, Sendable, Codable {
        /// Where it is.
        public var path: String
        /// Its length in bytes.
        public var byteCount: Int64
        /// When it was last modified, in nanoseconds since 1970.
        public var modifiedNanoseconds: Int64
    }

    /// A model's vector.
    public struct Vector: Hashable, Sendable, Codable {
        /// The model's name.
        public var model: String
        /// Tells the model from all others.
        public var fingerprint: String
        /// Little-endian 32-bit floats, in base 64.
        public var values: Data
    }

    /// The SHA-256 of the bytes, as hexadecimal digits.
    public var sha256: String
    /// The number of bytes.
    public var byteCount: Int64
    /// Still or moving.
    public var mediaType: ContentDescription.MediaType
    /// How it is coded.
    public var format: String?
    /// In pixels, as it is seen.
    public var width: Int
    /// In pixels, as it is seen.
    public var height: Int
    /// In seconds by the camera's clock; see `ContentDescription.capturedAt`.
    public var capturedAt: Int64?
    /// Maker and model of the camera.
    public var camera: String?
    /// Where it was taken.
    public var place: GeographicPoint?
    /// What copies are recognised by, in base 64.
    public var signature: Data?
    /// Which edition of the code described it.
    public var descriptionVersion: Int
    /// The files, in the order of their paths.
    public var files: [File]
    /// The vectors, in the order of their models.
    public var vectors: [Vector]
}
