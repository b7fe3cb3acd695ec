import Foundation
import GRDB

/// How a content's description stands in its table.
enum ContentRow {
    /// The columns that `description(of:)` reads, in its order.
    static let columns = """
        content.mediaType, content.format, content.width, content.height, content.capturedAt, content.camera,
        content.latitude, content.longitude, content.signature
        """

    /// How many columns those are: what a query asks for behind them begins with this number.
    static let count = 9

    /// Reads a description from the columns, the first of which is number `first`.
    static func description(of row: Row, from first: Int = 0) -> ContentDescription {
        let latitude: Double? = row[first + 6]
        let longitude: Double? = row[first + 7]
        return ContentDescription(
            mediaType: ContentDescription.MediaType(rawValue: row[first]) ?? .photo, format: row[first + 1],
            width: row[first + 2], height: row[first + 3], capturedAt: row[first + 4], camera: row[first + 5],
            place: latitude.flatMap { latitude in
                longitude.flatMap { GeographicPoint(latitude: latitude, longitude: $0) }
            },
            signature: row[first + 8])
    }

    /// The values of the columns.
    static func arguments(_ description: ContentDescription) -> StatementArguments {
        [
            description.mediaType.rawValue, description.format, description.width, description.height,
            description.capturedAt, description.camera, description.place?.latitude, description.place?.longitude,
            description.signature,
        ]
    }
}
