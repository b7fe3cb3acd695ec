internal import CVips
import Foundation

/// libvips, started once for the process.
enum Vips {
    /// Starts libvips on first use.
    ///
    /// Settings are the process's: one thread a picture and no cache of operations, because Glimpse decodes many pictures at once
    /// and each once; no loader that libvips calls untrusted but the one for PNM, which is small and its own; no log lines.
    static func start() throws {
        guard started else {
            throw MediaError(
                .libraryUnavailable, path: "", message: "libvips could not be started",
                remedy: "Install it again: apt install libvips42, or brew install vips.")
        }
    }

    private static let started: Bool = {
        guard cvips_init("glimpse") == 0 else { return false }
        vips_concurrency_set(1)
        vips_cache_set_max(0)
        vips_cache_set_max_mem(0)
        vips_cache_set_max_files(0)
        vips_block_untrusted_set(1)
        vips_operation_block_set("VipsForeignLoadPpm", 0)
        // What libvips would print on standard error about a file is either an error, which is thrown, or of no consequence.
        // Impossible sizes in damaged files come as warnings of GObject's.
        for domain in ["VIPS", "GLib-GObject"] {
            g_log_set_handler(domain, G_LOG_LEVEL_WARNING, { _, _, _, _ in }, nil)
        }
        return true
    }()
}

/// A reference to a VipsImage, which describes how to compute its pixels. Used by one thread.
final class VipsPicture {
    let pointer: UnsafeMutablePointer<VipsImage>

    /// Takes over one reference.
    init(_ pointer: UnsafeMutablePointer<VipsImage>) { self.pointer = pointer }
    deinit { g_object_unref(pointer) }

    var width: Int { Int(vips_image_get_width(pointer)) }
    var height: Int { Int(vips_image_get_height(pointer)) }
    var bands: Int { Int(vips_image_get_bands(pointer)) }
    var format: VipsBandFormat { vips_image_get_format(pointer) }
    var interpretation: VipsInterpretation { vips_image_get_interpretation(pointer) }
    var hasAlpha: Bool { vips_image_hasalpha(pointer) != 0 }
    var orientation: Orientation { Orientation(rawValue: Int(vips_image_get_orientation(pointer))) ?? .up }

    /// The embedded ICC profile.
    var profile: [UInt8]? {
        guard vips_image_get_typeof(pointer, VIPS_META_ICC_NAME) != 0 else { return nil }
        var data: UnsafeRawPointer?
        var length = 0
        guard vips_image_get_blob(pointer, VIPS_META_ICC_NAME, &data, &length) == 0, let data else { return nil }
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
            vips_error_clear()
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
        guard let region = vips_region_new(pointer) else { return false }
        defer { g_object_unref(region) }
        let pixelByteCount = Int(vips_format_sizeof(format)) * bands
        let rowByteCount = pixelByteCount * width
        // About a megabyte a strip, and at least the rows that loaders produce at once.
        let stripHeight = max(16, (1 << 20) / rowByteCount)
        for top in stride(from: 0, to: height, by: stripHeight) {
            let rows = min(stripHeight, height - top)
            var area = VipsRect(left: 0, top: Int32(top), width: Int32(width), height: Int32(rows))
            guard vips_region_prepare(region, &area) == 0,
                let start = cvips_region_address(region, 0, Int32(top))
            else {
                vips_error_clear()
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
