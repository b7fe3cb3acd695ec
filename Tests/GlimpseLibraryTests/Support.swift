import Foundation
import GlimpseLibrary
import GlimpseModels
import GlimpseTensor
import TestSupport

extension TemporaryFolder {
    /// Writes a file of which only the place matters.
    @discardableResult
    func write(_ name: String, _ content: String = "picture") throws -> String { try write(content, to: name) }

    var libraryFolder: URL { url.appending(path: "library") }
    func library() throws -> MediaLibrary { try MediaLibrary(folder: libraryFolder) }
    /// Where the library keeps the vectors of `model` ready for scanning.
    func vectorFile(of model: ModelIdentity) -> URL {
        libraryFolder.appending(path: "vectors/\(model.fingerprint).f32")
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
        var generator = SeededRandom(seed: UInt64(seed) &* 7919)
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
