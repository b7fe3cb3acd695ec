internal import CVips

/// Recognises ICC profiles that say what is assumed anyway.
///
/// Most embedded profiles are some edition of sRGB. Converting by them costs as much as decoding, and moves values by a level
/// through rounding alone, so pictures that carry one are taken as they are.
enum StandardProfile {
    /// The values of a channel in the test picture, and how many levels sRGB's editions may differ (they round their curves and
    /// black points differently).
    private static let values: [UInt8] = [0, 16, 48, 80, 112, 144, 176, 208, 255]
    private static let tolerance = 1

    /// Whether an RGB profile moves no colour of a 9 × 9 × 9 grid by more than a level.
    static func isSRGB(_ profile: [UInt8]) -> Bool {
        var grid: [UInt8] = []
        for red in values {
            for green in values {
                for blue in values { grid += [red, green, blue] }
            }
        }
        guard let converted = convert(grid, by: profile) else { return false }
        return zip(grid, converted).allSatisfy { abs(Int($0) - Int($1)) <= tolerance }
    }

    private static func convert(_ rgb: [UInt8], by profile: [UInt8]) -> [UInt8]? {
        rgb.withUnsafeBytes { bytes -> [UInt8]? in
            let width = Int32(bytes.count / 3)
            guard let image = cvips_image_copying(bytes.baseAddress, bytes.count, width, 1, 3) else { return nil }
            let picture = VipsPicture(image)
            cvips_set_blob(image, VIPS_META_ICC_NAME, profile, profile.count)
            guard
                let labelled = picture.applying({ cvips_copy_interpreted($0, $1, VIPS_INTERPRETATION_sRGB) }),
                let converted = labelled.applying(cvips_icc_transform_embedded), converted.bands == 3
            else { return nil }
            var result: [UInt8] = []
            return converted.forEachRow { row, _ in result += row } ? result : nil
        }
    }
}
