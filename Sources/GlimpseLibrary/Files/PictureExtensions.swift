import Foundation

/// Which file names promise a picture that Glimpse can decode.
public enum PictureExtensions {
    /// The extensions, in lower case and without the dot.
    public static let all: Set<String> = [
        "jpg", "jpeg", "jpe", "png", "webp", "gif", "tif", "tiff", "heic", "heif", "avif", "pnm", "ppm", "pgm", "pbm",
        "bmp", "dib", "jp2", "j2k", "jpf", "jpx", "j2c", "jpc",
        "cr2", "cr3", "nef", "nrw", "arw", "dng", "orf", "raf", "rw2", "pef", "srw",
    ]

    /// Whether the name ends in one of the extensions, in whatever case; a name that is nothing but an extension does not.
    public static func matches(_ name: String) -> Bool {
        guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")), dot != name.startIndex else { return false }
        return all.contains(name[name.utf8.index(after: dot)...].lowercased())
    }
}
