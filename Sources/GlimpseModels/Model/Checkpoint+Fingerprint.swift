internal import Foundation
internal import GlimpseDigest
internal import GlimpseFormats

extension Checkpoint {
    /// A digest of what the model computes: its configurations, the header of its weights, and samples of the weights.
    ///
    /// Reading every byte of a checkpoint at each start would cost more than loading it; the header names every tensor, and 256 samples of
    /// 4 KB over the whole file tell apart any two trainings. `ModelVerification` reads everything.
    func fingerprint() throws -> String {
        var digest = Digest()
        digest.update(Data((folder.architecture ?? "").utf8))
        if folder.weightsFile == nil {
            for name in Self.describing where folder.contains(name) {
                digest.update(name.hasSuffix(".json") ? try meaning(of: name) : try folder.data(name))
            }
        }
        for path in file.paths {
            let weights = try FileSamples(path: path)
            digest.update(weights.head)
            for sample in weights.samples { digest.update(sample) }
        }
        return digest.bytes.prefix(16).hexadecimal
    }

    /// The files that say how a model computes.
    private static let describing = [
        ModelFolder.configuration, ModelFolder.openCLIPConfiguration, ModelFolder.preprocessor, ModelFolder.tokenizer,
        TokenizerSettings.fileName, "vocab.json", "merges.txt", "vocab.txt", "spiece.model", "sentencepiece.bpe.model",
    ]

    /// A JSON document without what changes no vector: its white space, the order of its keys, and how cosines are scaled.
    private func meaning(of file: String) throws -> Data {
        let data = try folder.data(file)
        // Tokenizers are large, and nobody writes them anew.
        guard file != ModelFolder.tokenizer, file != "vocab.json" else { return data }
        do {
            guard var members = try JSONSerialization.jsonObject(with: data) as? [String: Any] else { return data }
            members["logit_scale"] = nil
            return try JSONSerialization.data(withJSONObject: members, options: .sortedKeys)
        } catch let error as CocoaError {
            throw ModelError(
                .invalidConfiguration, "not valid JSON: \(error.localizedDescription)", at: folder.path(file))
        }
    }
}

extension ModelFolder {
    /// A digest of what the model computes: two models of the same fingerprint give the same vectors.
    ///
    /// - Throws: `ModelError`, `FormatError`.
    public func fingerprint() throws -> String { try Checkpoint(self).fingerprint() }
}

/// The first megabyte of a file and samples of 4 KB spread evenly over it.
private struct FileSamples {
    let head: Data
    let samples: [Data]

    init(path: String) throws {
        do {
            let handle = try FileHandle(forReadingFrom: URL(filePath: path))
            defer { try? handle.close() }
            let size = try handle.seekToEnd()
            try handle.seek(toOffset: 0)
            head = try handle.read(upToCount: 1 << 20) ?? Data()
            samples = try (0..<UInt64(256)).map { index in
                try handle.seek(toOffset: size / 256 * index)
                return try handle.read(upToCount: 4096) ?? Data()
            }
        } catch {
            throw ModelError(.missingFile, "cannot be read: \(error.localizedDescription)", at: path)
        }
    }
}
