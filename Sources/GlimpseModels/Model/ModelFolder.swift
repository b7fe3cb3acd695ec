internal import Crypto
public import Foundation

/// A model on disk: a folder laid out as on the Hugging Face hub.
public struct ModelFolder: Hashable, Sendable {
    static let configuration = "config.json"
    static let weights = "model.safetensors"
    static let tokenizer = "tokenizer.json"
    static let preprocessor = "preprocessor_config.json"

    /// What people call the model.
    public let name: String
    /// Where it is.
    public let url: URL

    /// Names a folder without looking into it.
    public init(name: String, url: URL) {
        self.name = name
        self.url = url
    }

    /// The path of a file in the folder.
    func path(_ file: String) -> String {
        url.appending(path: file).path(percentEncoded: false)
    }

    /// Reads a file of the folder.
    func data(_ file: String) throws -> Data {
        do {
            return try Data(contentsOf: url.appending(path: file))
        } catch {
            throw ModelError(
                .missingFile, "\(file) cannot be read: \(error.localizedDescription)",
                at: url.path(percentEncoded: false),
                remedy:
                    "a model folder holds \(Self.configuration), \(Self.weights), \(Self.tokenizer) and \(Self.preprocessor)"
            )
        }
    }

    /// Decodes a JSON file of the folder.
    func decode<Value: Decodable>(_ type: Value.Type, from file: String) throws -> Value {
        let data = try data(file)
        do {
            return try JSONDecoder().decode(type, from: data)
        } catch let error as DecodingError {
            throw ModelError(.invalidConfiguration, error.explanation, at: path(file))
        }
    }

    /// A digest of what the model computes: its configurations, the header of its weights, and samples of the weights.
    ///
    /// Reading every byte of a checkpoint at each start would cost more than loading it; the header names every tensor, and 256 samples of
    /// 4 KB over the whole file tell apart any two trainings. `ModelVerification` reads everything.
    public func fingerprint() throws -> String {
        var hasher = SHA256()
        hasher.update(data: try meaning(of: Self.configuration))
        hasher.update(data: try meaning(of: Self.preprocessor))
        hasher.update(data: try data(Self.tokenizer))
        let weights = try FileSamples(path: path(Self.weights))
        hasher.update(data: weights.head)
        for sample in weights.samples { hasher.update(data: sample) }
        return hasher.finalize().prefix(16).hexadecimal
    }

    /// A JSON document without what changes no vector: its white space, the order of its keys, and how cosines are scaled.
    private func meaning(of file: String) throws -> Data {
        do {
            let document = try JSONSerialization.jsonObject(with: data(file))
            guard var members = document as? [String: Any] else { return try data(file) }
            members["logit_scale"] = nil
            return try JSONSerialization.data(withJSONObject: members, options: .sortedKeys)
        } catch let error as CocoaError {
            throw ModelError(.invalidConfiguration, "not valid JSON: \(error.localizedDescription)", at: path(file))
        }
    }

    /// What the files were when the model was installed; nil for a folder that was not installed by Glimpse.
    func manifest() throws -> ModelManifest? {
        guard FileManager.default.fileExists(atPath: path(ModelManifest.fileName)) else { return nil }
        return try decode(ModelManifest.self, from: ModelManifest.fileName)
    }
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

extension DecodingError {
    /// What is wrong with a JSON document, in words.
    var explanation: String {
        func place(_ context: Context, _ key: (any CodingKey)? = nil) -> String {
            let path = (context.codingPath + (key.map { [$0] } ?? [])).map(\.stringValue).joined(separator: ".")
            return path.isEmpty ? "the document" : "\"\(path)\""
        }
        return switch self {
        case .keyNotFound(let key, let context): "\(place(context, key)) is missing"
        case .typeMismatch(let type, let context): "\(place(context)) is not of the expected type \(type)"
        case .valueNotFound(let type, let context): "\(place(context)) is null, expected \(type)"
        case .dataCorrupted(let context): "\(place(context)) is not valid: \(context.debugDescription)"
        @unknown default: "\(self)"
        }
    }
}
