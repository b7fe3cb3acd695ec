import ArgumentParser
import Foundation
import GlimpseLibrary
import GlimpseModels

/// Writes a library of given vectors, as if pictures had been indexed.
struct MakeLibrary: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Write a library of the vectors of make_vectors.py.")

    @Option(help: "The folder of vectors.f32 and paths.txt.", completion: .directory)
    var vectors: String

    @Option(
        help: "The folder of the model that the vectors count as made with; none for a made-up one.",
        completion: .directory)
    var model: String?

    @Option(help: "The folder of the library; it must not have one yet.", completion: .directory)
    var library: String

    /// So many pictures are recorded at once.
    private static let batch = 500

    func run() throws {
        let folder = URL(filePath: vectors)
        let paths = try String(contentsOf: folder.appending(path: "paths.txt"), encoding: .utf8)
            .split(separator: "\n").map(String.init)
        let bytes = try Data(contentsOf: folder.appending(path: "vectors.f32"))
        let dimension = bytes.count / MemoryLayout<Float>.stride / max(paths.count, 1)
        guard dimension > 0, bytes.count == paths.count * dimension * MemoryLayout<Float>.stride else {
            throw ValidationError("\(vectors): \(bytes.count) bytes are no vectors of \(paths.count) paths.")
        }
        guard !MediaLibrary.exists(in: URL(filePath: library)) else {
            throw ValidationError("\(library) has a library already.")
        }
        let fingerprint = try model.map { try ModelFolder(name: "measured", url: URL(filePath: $0)).fingerprint() }
        let identity = ModelIdentity(name: "measured", fingerprint: fingerprint ?? "made-up", dimension: dimension)
        let library = try MediaLibrary(folder: URL(filePath: library))
        for start in stride(from: 0, to: paths.count, by: Self.batch) {
            let rows = start..<min(start + Self.batch, paths.count)
            try library.record(rows.map { Self.indexed(paths[$0], row: $0, of: bytes, identity) }, model: identity)
        }
    }

    private static func indexed(_ path: String, row: Int, of bytes: Data, _ model: ModelIdentity) -> IndexedFile {
        let length = model.dimension * MemoryLayout<Float>.stride
        let values = bytes.withUnsafeBytes { bytes in
            (0..<model.dimension).map { column in
                Float(
                    bitPattern: UInt32(
                        littleEndian: bytes.loadUnaligned(
                            fromByteOffset: row * length + column * MemoryLayout<UInt32>.stride, as: UInt32.self)))
            }
        }
        let content = Data(path.utf8).withUnsafeBytes { ContentHash(of: $0) }
        return IndexedFile(
            file: MediaFile(path: path, byteCount: 0, modifiedNanoseconds: 0),
            outcome: .embedded(
                content, Embedding(normalizing: values, model: model), ContentDescription(width: 4000, height: 3000)))
    }
}
