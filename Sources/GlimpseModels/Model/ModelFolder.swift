public import Foundation

/// A model on disk: a folder laid out as on the Hugging Face hub, or a single file of weights.
public struct ModelFolder: Hashable, Sendable {
    static let configuration = "config.json"
    static let openCLIPConfiguration = "open_clip_config.json"
    static let weights = "model.safetensors"
    static let tokenizer = "tokenizer.json"
    static let preprocessor = "preprocessor_config.json"

    /// What people call the model.
    public let name: String
    /// Where it is.
    public let url: URL

    /// The name of the one file in the folder that is the model; nil where the whole folder is.
    public let weightsFile: String?
    /// What the file's weights are of, among `NamedArchitectures`; nil where the checkpoint says it.
    public let architecture: String?

    /// Names a folder without looking into it.
    public init(name: String, url: URL) {
        self.name = name
        self.url = url
        weightsFile = nil
        architecture = nil
    }

    /// Names a file of weights without looking into it.
    public init(file: URL, architecture: String? = nil) {
        name = file.deletingPathExtension().lastPathComponent
        url = file.deletingLastPathComponent()
        weightsFile = file.lastPathComponent
        self.architecture = architecture
    }

    /// The path of a file in the folder.
    func path(_ file: String) -> String {
        url.appending(path: file).path(percentEncoded: false)
    }

    /// Whether the folder has a file of this name.
    func contains(_ file: String) -> Bool { FileManager.default.fileExists(atPath: path(file)) }

    /// The path of the first of these files that the folder has.
    func first(of files: [String]) -> String? { files.first(where: contains).map(path) }

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

    /// What the files were when the model was installed; nil for a folder that was not installed by Glimpse.
    func manifest() throws -> ModelManifest? {
        guard FileManager.default.fileExists(atPath: path(ModelManifest.fileName)) else { return nil }
        return try decode(ModelManifest.self, from: ModelManifest.fileName)
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
