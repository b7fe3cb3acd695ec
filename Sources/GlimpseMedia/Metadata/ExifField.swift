/// The fields of EXIF that are read, each by the name libvips gives it.
///
/// Their texts are as libvips words them: characters as they are, fractions as "48/1 51/1 2952/100".
package enum ExifField: String, Sendable, Hashable, CaseIterable {
    case make = "exif-ifd0-Make"
    case model = "exif-ifd0-Model"
    case changedAt = "exif-ifd0-DateTime"
    case takenAt = "exif-ifd2-DateTimeOriginal"
    case digitizedAt = "exif-ifd2-DateTimeDigitized"
    case changedAtOffset = "exif-ifd2-OffsetTime"
    case takenAtOffset = "exif-ifd2-OffsetTimeOriginal"
    case digitizedAtOffset = "exif-ifd2-OffsetTimeDigitized"
    case latitudeReference = "exif-ifd3-GPSLatitudeRef"
    case latitude = "exif-ifd3-GPSLatitude"
    case longitudeReference = "exif-ifd3-GPSLongitudeRef"
    case longitude = "exif-ifd3-GPSLongitude"

    /// The directories of a file's tags that EXIF divides its fields into.
    enum Directory: Hashable, CaseIterable { case main, exif, gps }

    /// The field's directory and its number there.
    var place: (directory: Directory, tag: Int) {
        switch self {
        case .make: (.main, 0x010F)
        case .model: (.main, 0x0110)
        case .changedAt: (.main, 0x0132)
        case .takenAt: (.exif, 0x9003)
        case .digitizedAt: (.exif, 0x9004)
        case .changedAtOffset: (.exif, 0x9010)
        case .takenAtOffset: (.exif, 0x9011)
        case .digitizedAtOffset: (.exif, 0x9012)
        case .latitudeReference: (.gps, 1)
        case .latitude: (.gps, 2)
        case .longitudeReference: (.gps, 3)
        case .longitude: (.gps, 4)
        }
    }

    /// The field's value in a text of libvips': "VALUE (VALUE, TYPE, N components, N bytes)".
    package static func value(in described: String) -> String {
        // Values may hold brackets themselves, as in "iPhone SE (2nd generation)", so the two halves are compared
        // first.
        var parts = described.split(separator: ", ", omittingEmptySubsequences: false)
        if parts.count >= 4, parts.removeLast().hasSuffix(" bytes)"), parts.removeLast().hasSuffix(" components") {
            parts.removeLast()
            let halves = parts.joined(separator: ", ").unicodeScalars
            let length = max(halves.count - 2, 0) / 2
            let value = halves.prefix(length)
            if halves.elementsEqual([Array(value), Array(" (".unicodeScalars), Array(value)].joined()) {
                return String(value)
            }
        }
        return described.firstRange(of: " (").map { String(described[..<$0.lowerBound]) } ?? described
    }
}
