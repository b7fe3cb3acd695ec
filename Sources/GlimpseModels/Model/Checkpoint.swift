internal import Foundation
package import GlimpseFormats
package import GlimpseTensor

/// What a model folder or file holds: an architecture, its weights, and how pictures and texts are prepared for it.
package struct Checkpoint {
    /// Who laid the checkpoint out, which decides how pictures and texts are prepared.
    enum Layout {
        /// transformers, or Glimpse itself.
        case transformers
        /// open_clip, or OpenAI in the original layout.
        case openCLIP(OpenCLIPConfiguration)
    }

    package let architecture: any Architecture
    package let file: any TensorFile
    let layout: Layout
    let folder: ModelFolder
    /// The path of what the architecture was read from.
    let configurationPath: String

    /// Finds out what is in a folder: a model of Glimpse's own, of transformers, or of open_clip; or what a single file holds.
    ///
    /// - Parameters:
    ///   - trunks: picture towers of timm by their names.
    ///   - encoders: text towers of transformers by their names.
    /// - Throws: `ModelError` when it is none of these, `FormatError` when the weights cannot be read.
    package init(
        _ folder: ModelFolder, trunks: TimmTrunks = .known, encoders: XLMRobertaKinds = .known
    ) throws {
        self.folder = folder
        if let name = folder.weightsFile {
            file = try TensorFiles.open(path: folder.path(name))
            configurationPath = folder.path(name)
            let configuration = OpenCLIPConfiguration(
                model: try Self.configuration(of: file, named: folder.architecture), preprocessing: nil)
            layout = .openCLIP(configuration)
            architecture = try OpenCLIP(
                configuration.model, paddingID: 0, trunks: trunks, encoders: encoders, at: configurationPath)
            return
        }
        if folder.contains(ModelFolder.openCLIPConfiguration), let weights = folder.first(of: Self.openCLIPWeights) {
            configurationPath = folder.path(ModelFolder.openCLIPConfiguration)
            let configuration = try folder.decode(OpenCLIPConfiguration.self, from: ModelFolder.openCLIPConfiguration)
            layout = .openCLIP(configuration)
            architecture = try OpenCLIP(
                configuration.model, paddingID: try folder.paddingID() ?? 0, trunks: trunks, encoders: encoders,
                at: configurationPath)
            file = try Self.open(weights)
            return
        }
        configurationPath = folder.path(ModelFolder.configuration)
        layout = .transformers
        architecture = try Self.architecture(folder, at: configurationPath)
        guard let weights = folder.first(of: Self.weights) else {
            throw ModelError(
                .missingFile, "no weights: none of \(Self.weights.joined(separator: ", "))",
                at: folder.url.path(percentEncoded: false))
        }
        file = try Self.open(weights)
    }

    /// Where weights are, the best first: a file that is mapped as it is before one that has to be unpacked.
    static let weights = [
        "model.safetensors", "model.safetensors.index.json", "pytorch_model.bin", "pytorch_model.bin.index.json",
    ]
    static let openCLIPWeights = [
        "open_clip_model.safetensors", "open_clip_pytorch_model.safetensors", "open_clip_model.safetensors.index.json",
        "open_clip_pytorch_model.bin",
    ]

    private static func open(_ path: String) throws -> any TensorFile {
        path.hasSuffix(".json") ? try ShardedTensorFile(indexPath: path) : try TensorFiles.open(path: path)
    }

    /// The architecture that a `config.json` describes.
    private static func architecture(_ folder: ModelFolder, at location: String) throws -> any Architecture {
        switch try folder.decode(Kind.self, from: ModelFolder.configuration).modelType {
        case LiteConfiguration.modelType:
            return try folder.decode(LiteConfiguration.self, from: ModelFolder.configuration).validated(at: location)
        case HuggingFaceCLIP.modelType:
            return try HuggingFaceCLIP(
                folder.decode(HuggingFaceCLIP.File.self, from: ModelFolder.configuration), at: location)
        case HuggingFaceSigLIP.modelType:
            return try HuggingFaceSigLIP(
                folder.decode(HuggingFaceSigLIP.File.self, from: ModelFolder.configuration),
                paddingID: try folder.paddingID() ?? 1, at: location)
        case let type:
            throw ModelError(
                .invalidConfiguration, "model_type \(type.map { "\"\($0)\"" } ?? "is missing")", at: location,
                remedy: "known: clip, siglip, \(LiteConfiguration.modelType), and open_clip's models by their "
                    + ModelFolder.openCLIPConfiguration)
        }
    }

    /// The configuration of a single file: by the name that is given, or, for OpenAI's own files, by its weights.
    private static func configuration(
        of file: any TensorFile, named name: String?
    ) throws -> OpenCLIPConfiguration.Model {
        if let name { return try NamedArchitectures.configuration(named: name) }
        guard OpenAIArchive.matches(file) else {
            throw ModelError(
                .invalidConfiguration, "the file does not say which architecture its weights are of", at: file.path,
                remedy: "name it: --architecture ViT-B-32, for example")
        }
        return try OpenAIArchive.configuration(of: file)
    }

    private struct Kind: Decodable {
        let modelType: String?

        enum CodingKeys: String, CodingKey {
            case modelType = "model_type"
        }
    }

    /// Builds the towers that are needed from the weights as they are stored.
    package func load(
        _ towers: Model.Towers, precision: Precision = .float32, on compute: Compute
    ) throws -> LoadedTowers {
        try load(towers, precision: precision, cache: nil, on: compute)
    }

    /// Builds the towers that are needed, and holds the weights against the architecture.
    ///
    /// - Parameters:
    ///   - precision: of the weights of linear maps, but for the first and last of a tower.
    ///   - cache: keeps packed weights from one start to the next.
    /// - Throws: `ModelError` that names every tensor that is missing, misshapen or unexpected.
    package func load(
        _ towers: Model.Towers, precision: Precision = .float32, cache: ModelCache?, on compute: Compute
    ) throws -> LoadedTowers {
        let weights = WeightReader(file)
        func tower<Tower>(_ kind: Model.Towers, _ name: String, _ build: () throws -> Tower) throws -> Tower? {
            guard towers.contains(kind) else { return nil }
            guard let cache else {
                return try weights.building(from: PackedWeights(precision: precision), build)
            }
            return try cache.tower(name, precision) { try weights.building(from: $0, build) }
        }
        let loaded = LoadedTowers(
            image: try tower(.image, "image") { try architecture.imageTower(weights, on: compute) },
            text: try tower(.text, "text") { try architecture.textTower(weights, on: compute) },
            calibration: try architecture.calibration(weights))
        try weights.finish { name in
            architecture.tower(ofTensor: name).map { !$0.isDisjoint(with: towers) } ?? false
        }
        return loaded
    }
}

/// The parts of a model that weights were read for.
package struct LoadedTowers: Sendable {
    package let image: (any ImageTower)?
    package let text: (any TextTower)?
    package let calibration: Calibration
}
