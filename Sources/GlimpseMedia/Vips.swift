internal import CVips
import Foundation

/// libvips, started once for the process.
enum Vips {
    /// Starts libvips on first use.
    ///
    /// Settings are the process's: one thread a picture and no cache of operations, because Glimpse decodes many pictures at once
    /// and each once; no log lines; no loader that libvips calls untrusted but two. The one for PNM is small and its own. That for
    /// JPEG 2000 is OpenJPEG, which has had holes, but is fuzzed without pause, kept up to date by distributions, and asked for
    /// pictures only that start as JPEG 2000 does and whose header is within the limits.
    static func start() throws {
        if let obstacle {
            throw MediaError(
                .libraryUnavailable, path: "", message: "libvips, which decodes pictures, cannot be used: \(obstacle)",
                remedy: "Install it again: apt install libvips42, or brew install vips.")
        }
    }

    /// Why libvips cannot be used; nil once it is started.
    private static let obstacle: String? = {
        if let failure = cvips_start() { return String(cString: failure) }
        cvips_keep_nothing()
        cvips_block_untrusted()
        cvips_allow("VipsForeignLoadPpm")
        cvips_allow("VipsForeignLoadJp2k")
        // What libvips would print on standard error about a file is either an error, which is thrown, or of no consequence.
        // Impossible sizes in damaged files come as warnings of GObject's.
        for domain in ["VIPS", "GLib-GObject"] {
            cvips_silence(domain)
        }
        return nil
    }()
}

/// A reference to a VipsImage, which describes how to compute its pixels. Used by one thread.
final class VipsPicture {
    let pointer: UnsafeMutablePointer<VipsImage>

    /// Takes over one reference.
    init(_ pointer: UnsafeMutablePointer<VipsImage>) { self.pointer = pointer }
    deinit { cvips_unref(pointer) }

    var width: Int { Int(cvips_width(pointer)) }
    var height: Int { Int(cvips_height(pointer)) }
    var bands: Int { Int(cvips_bands(pointer)) }
    var format: VipsBandFormat { cvips_format(pointer) }
    var interpretation: VipsInterpretation { cvips_interpretation(pointer) }
    var hasAlpha: Bool { cvips_has_alpha(pointer) != 0 }
    var orientation: Orientation { Orientation(rawValue: Int(cvips_orientation(pointer))) ?? .up }

    /// How the picture is stored, if its EXIF says so.
    var toldOrientation: Orientation? {
        cvips_string(pointer, "exif-ifd0-Orientation") == nil ? nil : orientation
    }

    /// The texts of the EXIF fields that there are.
    var exif: [ExifField: String] {
        var fields: [ExifField: String] = [:]
        for field in ExifField.allCases {
            fields[field] = cvips_string(pointer, field.rawValue).map { ExifField.value(in: String(cString: $0)) }
        }
        return fields
    }

    /// The embedded ICC profile.
    var profile: [UInt8]? {
        var length = 0
        guard let data = cvips_blob(pointer, VIPS_META_ICC_NAME, &length) else { return nil }
        return [UInt8](UnsafeRawBufferPointer(start: data, count: length))
    }

    /// A libvips call that makes an image: takes the place for the result, returns 0 on success.
    typealias Maker = (UnsafeMutablePointer<UnsafeMutablePointer<VipsImage>?>) -> Int32

    /// Runs `maker`; nil when it fails.
    ///
    /// libvips keeps one error text for all threads, in which messages of concurrent failures mix. It is of no use here and is
    /// cleared; the caller words the error from what it knows about its own file.
    static func make(_ maker: Maker) -> VipsPicture? {
        var result: UnsafeMutablePointer<VipsImage>?
        guard maker(&result) == 0, let result else {
            cvips_error_clear()
            return nil
        }
        return VipsPicture(result)
    }

    /// The picture after one operation of libvips; nil when it fails.
    func applying(
        _ operation: (
            UnsafeMutablePointer<VipsImage>, UnsafeMutablePointer<UnsafeMutablePointer<VipsImage>?>
        ) -> Int32
    ) -> VipsPicture? {
        Self.make { operation(pointer, $0) }
    }

    /// Computes the pixels on this thread, top to bottom, and gives `body` each row with its number.
    ///
    /// - Returns: False when the pixels could not be computed: the file ended or contradicted itself.
    func forEachRow(_ body: (_ row: UnsafeRawBufferPointer, _ y: Int) -> Void) -> Bool {
        guard let region = cvips_region_new(pointer) else { return false }
        defer { cvips_unref(region) }
        let pixelByteCount = Int(cvips_byte_count(format)) * bands
        let rowByteCount = pixelByteCount * width
        // About a megabyte a strip, and at least the rows that loaders produce at once.
        let stripHeight = max(16, (1 << 20) / rowByteCount)
        for top in stride(from: 0, to: height, by: stripHeight) {
            let rows = min(stripHeight, height - top)
            var area = VipsRect(left: 0, top: Int32(top), width: Int32(width), height: Int32(rows))
            guard cvips_region_prepare(region, &area) == 0,
                let start = cvips_region_address(region, 0, Int32(top))
            else {
                cvips_error_clear()
                return false
            }
            let stride = cvips_region_stride(region)
            for row in 0..<rows {
                body(UnsafeRawBufferPointer(start: start + row * stride, count: rowByteCount), top + row)
            }
        }
        return true
    }
}
