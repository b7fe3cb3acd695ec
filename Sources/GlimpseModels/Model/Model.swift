internal import GlimpseFormats
internal import GlimpseMedia
public import GlimpseTensor
internal import GlimpseText

/// A dual encoder: pictures and texts as points in one space.
///
/// A model is an immutable value; many threads may embed with one at the same time, each on its own `Compute`.
public struct Model: Sendable {
    /// Which towers to load; a search by words needs no image tower, indexing no text tower.
    public struct Towers: OptionSet, Sendable {
        /// The bits.
        public let rawValue: Int
        /// Makes a set from its bits.
        public init(rawValue: Int) { self.rawValue = rawValue }
        /// What embeds pictures.
        public static let image = Towers(rawValue: 1)
        /// What embeds texts.
        public static let text = Towers(rawValue: 2)
        /// Both towers.
        public static let both: Towers = [.image, .text]
    }

    struct ImageSide: Sendable {
        let tower: any ImageTower
        let preprocessor: Preprocessor
    }

    struct TextSide: Sendable {
        let tower: any TextTower
        let tokenizer: any Tokenizer
    }

    /// The model's name, fingerprint and dimension.
    public let identity: ModelIdentity
    /// How cosines become scores.
    public let calibration: Calibration
    let image: ImageSide?
    let text: TextSide?

    /// How the model wants its pictures.
    ///
    /// - Throws: `ModelError` when the image tower is not loaded.
    public func preprocessor() throws -> Preprocessor { try imageSide().preprocessor }

    /// How many tokens the text tower reads of a text, its marks of beginning and end included.
    ///
    /// - Throws: `ModelError` when the text tower is not loaded.
    public func tokenCount(of string: String) throws -> Int {
        guard let text else { throw ModelError(.missingTower, "the text tower of \(identity.name) is not loaded") }
        return text.tokenizer.encode(string).count
    }

    func imageSide() throws -> ImageSide {
        guard let image else {
            throw ModelError(.missingTower, "the image tower of \(identity.name) is not loaded")
        }
        return image
    }

    /// Which model a folder holds; no weights are loaded.
    ///
    /// - Throws: `ModelError` for a folder that is no model, `FormatError` for weights that cannot be read.
    public static func identity(folder: ModelFolder) throws -> ModelIdentity {
        let checkpoint = try Checkpoint(folder)
        return ModelIdentity(
            name: folder.name, fingerprint: try checkpoint.fingerprint(), dimension: checkpoint.architecture.dimension)
    }

    /// Loads a model from its folder.
    ///
    /// - Parameters:
    ///   - folder: `config.json`, `model.safetensors`, `tokenizer.json`, `preprocessor_config.json`.
    ///   - name: what people call the model.
    ///   - towers: what will be needed.
    ///   - precision: of the weights of linear maps in transformers; convolutions are always exact.
    ///   - cache: keeps packed weights and the tables of the tokenizer from one start to the next; nil to make them at every start.
    ///   - compute: packs the weights.
    /// - Throws: `ModelError` for a folder that is no model, `FormatError` and `TextError` for files that cannot be read.
    public static func load(
        folder: ModelFolder, towers: Towers = .both, precision: Precision = .float32,
        cache: PackedWeightsCache? = nil, on compute: Compute
    ) throws -> Model {
        let checkpoint = try Checkpoint(folder)
        let fingerprint = try checkpoint.fingerprint()
        let kept = cache?.files(ofModel: fingerprint)
        let (loaded, tokenizer) = try concurrently {
            try checkpoint.load(towers, precision: precision, cache: kept, on: compute)
        } _: {
            towers.contains(.text) ? try checkpoint.tokenizer(keptIn: kept) : nil
        }
        return Model(
            identity: ModelIdentity(
                name: folder.name, fingerprint: fingerprint,
                dimension: checkpoint.architecture.dimension),
            calibration: loaded.calibration,
            image: try loaded.image.map { ImageSide(tower: $0, preprocessor: try checkpoint.preprocessor()) },
            text: loaded.text.flatMap { tower in tokenizer.map { TextSide(tower: tower, tokenizer: $0) } })
    }
}

extension Tokenizer {
    /// Makes sure that the model has a vector for every id.
    ///
    /// - Throws: `ModelError` when it has not.
    func requireIDs(below vocabularySize: Int, at location: String) throws {
        guard idRange.lowerBound >= 0, Int(idRange.upperBound) < vocabularySize else {
            throw ModelError(
                .invalidConfiguration,
                "the ids of tokens go from \(idRange.lowerBound) to \(idRange.upperBound), the model knows 0 to \(vocabularySize - 1)",
                at: location,
                remedy: "the tokenizer and the configuration do not belong together; fetch the model again")
        }
    }
}
