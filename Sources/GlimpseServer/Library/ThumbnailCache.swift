import Foundation
import GlimpseLibrary
import GlimpseMedia
import NIOPosix

/// Small pictures for people to look at, made once and kept on the disk by what they show.
///
/// A cache: it may be emptied at any time, and a folder that cannot be written only costs time.
struct ThumbnailCache: Sendable {
    /// The longest sides there are, in pixels. The last is for looking at one picture alone.
    static let sides = [160, 320, 640, 1280, 2560]

    private static let quality = 82

    private let folder: URL
    private let decoder: ImageDecoder
    private let threads: NIOThreadPool
    /// Those that are being made: none is made twice at the same time, and none for people who have scrolled on.
    private let making = SharedWork<String, Data>()

    /// - Parameters:
    ///   - folder: holds nothing else; need not exist.
    ///   - threads: decode pictures.
    init(folder: URL, decoder: ImageDecoder, threads: NIOThreadPool) {
        self.folder = folder
        self.decoder = decoder
        self.threads = threads
    }

    /// What a thumbnail is known by; it never changes.
    static func tag(of hash: ContentHash, side: Int) -> String { "\(hash)-\(side)" }

    /// A JPEG whose longest side has at most `side` pixels.
    ///
    /// - Throws: `MediaError` when the picture cannot be decoded, `ServerError` `notFound` when its file is gone or has changed.
    func jpeg(of content: LibraryContent, side: Int) async throws -> Data {
        let name = Self.tag(of: content.contentHash, side: side)
        let file = folder.appending(path: String(name.prefix(2))).appending(path: name + ".jpg")
        return try await making.value(name) { [threads, decoder] in
            try await threads.runIfActive {
                // One that is missing or cannot be read is made again.
                if let known = try? Data(contentsOf: file), !known.isEmpty { return known }
                let jpeg = try Self.make(content, side: side, decoder: decoder)
                Self.keep(jpeg, at: file)
                return jpeg
            }
        }
    }

    private static func make(_ content: LibraryContent, side: Int, decoder: ImageDecoder) throws -> Data {
        guard let file = content.unchangedFile else { throw ServerError.unknownPicture }
        var decoder = decoder
        // Half the size would do for the eye; twice the side keeps the result sharp.
        decoder.mode = .fast(minimumSide: side)
        let jpeg = try decoder.decode(path: file.path).thumbnail(side: side).encodedJPEG(quality: quality)
        // What was decoded must be what the hash stands for: it is kept for good.
        guard file.isUnchanged else { throw ServerError.unknownPicture }
        return jpeg
    }

    /// Written beside its place and renamed, so that nobody reads half of it.
    private static func keep(_ jpeg: Data, at file: URL) {
        do {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
            try jpeg.write(to: file, options: .atomic)
        } catch {
            // A full disk, or no permission: it is made again the next time.
        }
    }
}
