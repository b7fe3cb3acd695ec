internal import GlimpseDigest
internal import Foundation
internal import GlimpseFormats
internal import GlimpseModels

/// A kept head: a safetensors file of one matrix, whose header says what it was made from and what its bytes add up to.
struct ZeroShotHeadFile {
    let url: URL
    let key: ZeroShotHeadKey

    private static let tensor = "head"
    private static let keyEntry = "key"
    private static let digestEntry = "sha256"

    private var path: String { url.path(percentEncoded: false) }

    /// The head, if the file is there and is whole and of this key.
    func read(_ labels: LabelSet, model: ModelIdentity) -> ZeroShotHead? {
        let rows: [Float]
        do {
            let file = try SafetensorsFile(path: path)
            let stored = try file.tensor(Self.tensor)
            guard file.names == [Self.tensor], stored.elementType == .f32,
                stored.shape == [labels.labels.count, model.dimension], file.metadata[Self.keyEntry] == key.text
            else { return nil }
            rows = try stored.floats()
            guard file.metadata[Self.digestEntry] == Self.digest(rows) else { return nil }
        } catch {
            // Not there, not readable, damaged: it is made again, and what can be written then replaces this.
            return nil
        }
        CacheFolder.noteUse(of: url)
        return ZeroShotHead(labels: labels.labels, rows: rows, model: model)
    }

    /// Writes the head in one step.
    ///
    /// - Throws: `FormatError` when the file cannot be written.
    func write(_ head: ZeroShotHead) throws {
        try SafetensorsWriter.write(
            [.init(name: Self.tensor, shape: [head.labels.count, head.model.dimension], values: head.rows)],
            metadata: [Self.keyEntry: key.text, Self.digestEntry: Self.digest(head.rows)], to: path)
    }

    private static func digest(_ rows: [Float]) -> String {
        rows.withUnsafeBytes { bytes in
            var digest = Digest()
            digest.update(bytes)
            return digest.bytes.hexadecimal
        }
    }
}
