public import Foundation
internal import GlimpseFormats
internal import GlimpseTensor
internal import GlimpseText

/// The weights of the models used lately, packed for multiplying and mapped into memory at the next start, and the tables of their
/// tokenizers.
///
/// A cache: a file is of one model's fingerprint and one layout of the kernels, and one whose header is not what it should be is made
/// again. Its numbers are trusted, as those of the checkpoint are: nothing reads all of either at a start only to check them. A folder
/// that cannot be read or written only costs time. Processes may share the folder.
public struct PackedWeightsCache: Sendable {
    private let files: CacheFolder
    private let onFailure: @Sendable (any Error) -> Void

    /// Names the folder of a cache without looking into it.
    ///
    /// - Parameters:
    ///   - folder: holds nothing else.
    ///   - byteLimit: how many bytes the files may take together; what takes more than half of it by itself is not kept.
    ///   - onFailure: told why something could not be kept.
    public init(
        folder: URL = StandardFolders().cache.appending(path: "packed-weights"), byteLimit: Int = 8 << 30,
        onFailure: @escaping @Sendable (any Error) -> Void = { _ in }
    ) {
        self.onFailure = onFailure
        files = CacheFolder(folder, fileLimit: 64, byteLimit: byteLimit)
    }

    /// What is kept of one model.
    package func files(ofModel fingerprint: String) -> ModelCache {
        ModelCache(files: files, fingerprint: fingerprint, onFailure: onFailure)
    }
}

/// What is kept of one model.
package struct ModelCache: Sendable {
    fileprivate let files: CacheFolder
    fileprivate let fingerprint: String
    fileprivate let onFailure: @Sendable (any Error) -> Void

    /// Where the tables of the model's tokenizer are kept.
    func tokenizerTables() -> KeptTables {
        let url = files.file("\(fingerprint)-tokenizer")
        return KeptTables(
            path: url.path(percentEncoded: false), metadata: ["fingerprint": fingerprint],
            noteUse: { CacheFolder.noteUse(of: url) }, store: keep)
    }

    /// Changes with every change of how packed weights are laid out or named.
    private static let layout = "panels of 16, version 2"

    /// Builds a tower from what is kept, or else builds it and keeps what it is made of.
    ///
    /// - Parameters:
    ///   - tower: what the tower is called in its model.
    ///   - precision: of its weights.
    ///   - build: makes the tower; called a second time when what is kept turns out not to be of this tower.
    func tower<Tower>(
        _ tower: String, _ precision: Precision, _ build: (PackedWeights) throws -> Tower
    ) throws -> Tower {
        let url = files.file("\(fingerprint)-\(tower)-\(precision.rawValue)")
        let path = url.path(percentEncoded: false)
        let metadata = [
            "fingerprint": fingerprint, "layout": Self.layout, "precision": precision.rawValue, "tower": tower,
        ]
        if let kept = Self.open(path, metadata) {
            do {
                let result = try build(PackedWeights(kept, precision: precision))
                CacheFolder.noteUse(of: url)
                // The first pass reads all of it.
                kept.populate()
                return result
            } catch let error as FormatError where error.path == path {
                // It is of a version that named or shaped something otherwise: it is made again.
            }
        }
        let packed = PackedWeights(precision: precision)
        let result = try build(packed)
        keep(packed.byteCount) { try packed.write(to: path, metadata: metadata) }
        return result
    }

    /// Lets a file of so many bytes be written.
    private func keep(_ byteCount: Int, _ write: () throws -> Void) {
        guard byteCount <= files.byteLimit / 2 else { return }
        do {
            try files.keep(write)
        } catch {
            // A full or read-only disk: the next start takes as long as this one did.
            onFailure(error)
        }
    }

    private static func open(_ path: String, _ metadata: [String: String]) -> SafetensorsFile? {
        do {
            let file = try SafetensorsFile(path: path)
            return file.metadata == metadata ? file : nil
        } catch {
            // Not there, not readable, damaged: it is made again.
            return nil
        }
    }
}
