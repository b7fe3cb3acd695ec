internal import CVips
public import Foundation

extension Pixels {
    /// The picture as a PNG file.
    ///
    /// - Throws: `MediaError`.
    public func encodedPNG() throws -> Data {
        try encoded(as: .png) { cvips_pngsave($0, $1, $2) }
    }

    /// The picture as a JPEG file.
    ///
    /// - Parameter quality: 1…100, libjpeg's scale.
    /// - Throws: `MediaError`.
    public func encodedJPEG(quality: Int) throws -> Data {
        precondition((1...100).contains(quality), "Pixels: a JPEG quality of \(quality)")
        return try encoded(as: .jpeg) { cvips_jpegsave($0, $1, $2, Int32(quality)) }
    }

    private func encoded(
        as format: ImageFormat,
        _ save: (
            UnsafeMutablePointer<VipsImage>, UnsafeMutablePointer<UnsafeMutableRawPointer?>, UnsafeMutablePointer<Int>
        ) -> Int32
    ) throws -> Data {
        try Vips.start()
        let failure = MediaError(.encodingFailed, path: "", message: "\(self) could not be encoded as \(format.name)")
        return try withUnsafeBytes { bytes in
            guard
                let image = cvips_image_borrowing(bytes.baseAddress, bytes.count, Int32(width), Int32(height), 3),
                let picture = VipsPicture(image).applying({
                    cvips_copy_interpreted($0, $1, VIPS_INTERPRETATION_sRGB)
                })
            else { throw failure }
            var data: UnsafeMutableRawPointer?
            var size = 0
            guard save(picture.pointer, &data, &size) == 0, let data else {
                cvips_error_clear()
                throw failure
            }
            defer { cvips_free(data) }
            return Data(bytes: data, count: size)
        }
    }
}
