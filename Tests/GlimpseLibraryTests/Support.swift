import Foundation
import GlimpseLibrary
import GlimpseModels

/// A folder that lives as long as the test that made it.
final class TemporaryFolder {
    let url: URL
    var path: String { url.path(percentEncoded: false) }

    init() throws {
        // Resolved, because scans report paths as they are given and macOS links its temporary folder.
        url = FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
            .appending(path: "glimpse-library-\(UUID().uuidString)", directoryHint: .notDirectory)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        do {
            try FileManager.default.removeItem(at: url)
        } catch {
            FileHandle.standardError.write(Data("cannot remove \(url): \(error)\n".utf8))
        }
    }

    func path(_ name: String) -> String { path + "/" + name }

    /// Writes a file and the folders that lead to it.
    @discardableResult
    func write(_ name: String, _ content: String = "picture") throws -> String {
        let path = path(name)
        let folder = URL(filePath: path).deletingLastPathComponent()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(content.utf8).write(to: URL(filePath: path))
        return path
    }

    var libraryFolder: URL { url.appending(path: "library") }
    func library() throws -> MediaLibrary { try MediaLibrary(folder: libraryFolder) }
    /// Where the library keeps the vectors of `model` ready for scanning.
    func vectorFile(of model: ModelIdentity) -> URL {
        libraryFolder.appending(path: "vectors/\(model.fingerprint).f32")
    }
}

/// SplitMix64: the same numbers in every run.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

extension ModelIdentity {
    static func sample(_ name: String = "small", dimension: Int = 8) -> ModelIdentity {
        ModelIdentity(name: name, fingerprint: "fingerprint-of-\(name)", dimension: dimension)
    }
}

extension Embedding {
    /// A random direction, the same for the same seed.
    static func sample(_ seed: Int, _ model: ModelIdentity) -> Embedding {
        var generator = SeededGenerator(state: UInt64(seed) &* 7919)
        let values = (0..<model.dimension).map { _ in Float.random(in: -1...1, using: &generator) }
        return Embedding(normalizing: values, model: model)
    }
}

extension ContentHash {
    /// The hash of a text.
    static func sample(_ text: String) -> ContentHash {
        var text = text
        return text.withUTF8 { ContentHash(of: UnsafeRawBufferPointer($0)) }
    }
}

extension MediaFile {
    static func sample(_ path: String, byteCount: Int64 = 7, modified: Int64 = 1_700_000_000_000_000_000) -> MediaFile {
        MediaFile(path: path, byteCount: byteCount, modifiedNanoseconds: modified)
    }
}

extension IndexedFile {
    /// The picture number `index`, whose path, content and vector follow from the number.
    static func sample(_ index: Int, _ model: ModelIdentity) -> IndexedFile {
        IndexedFile(
            file: .sample(path(index)),
            outcome: .embedded(
                .sample("content \(index)"), .sample(index, model), ContentDescription(width: 640, height: 480)))
    }

    static func path(_ index: Int) -> String { "/pictures/\(index).jpg" }
}
