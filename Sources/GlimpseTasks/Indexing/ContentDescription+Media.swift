internal import Foundation
internal import GlimpseLibrary
internal import GlimpseMedia

extension ContentDescription {
    /// What a picture's file says of it, and what copies of it are recognised by.
    init(_ header: ImageHeader, _ signature: PictureSignature?) {
        let metadata = header.metadata
        self.init(
            format: header.format.rawValue, width: header.width, height: header.height,
            capturedAt: metadata.capturedAt.map { Int64($0.secondsSince1970) }, camera: metadata.camera,
            place: metadata.latitude.flatMap { latitude in
                metadata.longitude.flatMap { GeographicPoint(latitude: latitude, longitude: $0) }
            },
            signature: signature.map { Data($0.bytes) })
    }
}
