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
                if let meaning = try meaning(of: name) {
                    digest.update(meaning)
                } else {
                    try MappedFile(path: folder.path(name)).withUnsafeBytes { digest.update($0) }
                }
            }
        }
        for path in file.paths { try digest.update(samplesOf: OpenFile(path: path)) }
        return digest.bytes.prefix(16).hexadecimal
    }

    /// The files that say how a model computes.
    private static let describing = [
        ModelFolder.configuration, ModelFolder.openCLIPConfiguration, ModelFolder.preprocessor, ModelFolder.tokenizer,
        TokenizerSettings.fileName, "vocab.json", "merges.txt", "vocab.txt", "spiece.model", "sentencepiece.bpe.model",
    ]

    /// A JSON document without what changes no vector: its white space, the order of its keys, and how cosines are scaled. Nil for
    /// files that count byte by byte.
    private func meaning(of file: String) throws -> Data? {
        // Tokenizers are large, and nobody writes them anew.
        guard file.hasSuffix(".json"), file != ModelFolder.tokenizer, file != "vocab.json" else { return nil }
        let data = try folder.data(file)
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

extension Digest {
    /// Adds the first megabyte of a file and 256 samples of 4 KB spread evenly over it.
    fileprivate mutating func update(samplesOf file: OpenFile) throws {
        // Not mapped: where the system keeps large pages, each sample would map two megabytes.
        update(try file.read(0..<min(1 << 20, file.count)))
        for index in 0..<256 {
            let start = file.count / 256 * index
            update(try file.read(start..<min(start + 4096, file.count)))
        }
    }
}
