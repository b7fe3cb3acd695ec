public import ArgumentParser
import Foundation
import GlimpseLibrary
import GlimpseMedia
import GlimpseModels
import GlimpseTasks
public import GlimpseTensor

/// What every command understands.
struct SharedOptions: ParsableArguments {
    @Flag(name: .shortAndLong, help: "Print results only: no progress, no notes.")
    var quiet = false

    @Flag(name: .shortAndLong, help: "Say what is being done.")
    var verbose = false

    func validate() throws {
        if quiet && verbose { throw ValidationError("--quiet and --verbose exclude each other.") }
    }

    var notes: Notes { Notes(level: quiet ? .quiet : verbose ? .verbose : .normal) }
}

/// Which model a command works with.
struct ModelOptions: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: "The model: a name of `glimpse models list`, or the path of a model folder or of a file of weights.")
    var model = "lite"

    @Option(help: "What a file of weights is of, as open_clip calls it: ViT-B-32, for example.")
    var architecture: String?

    @Option(
        help: """
            How exactly to multiply: f32 (exact), f16 (half the memory), int16 (faster, cosines above 0.9999), int8 (fastest, for ranking).
            """)
    var precision = Precision.float32

    /// Which model it is, without loading it.
    func identity() throws -> ModelIdentity {
        let folder = try ModelStore.standard.resolve(model, architecture: architecture, in: try Catalogue.builtIn())
        return try Model.identity(folder: folder)
    }

    /// Finds and loads the model.
    func load(_ towers: Model.Towers, on compute: Compute, notes: Notes) throws -> Model {
        let start = ContinuousClock.now
        let folder = try ModelStore.standard.resolve(
            model, architecture: architecture, in: try Catalogue.builtIn())
        let cache = PackedWeightsCache { error in
            notes.verbose("packed weights are not kept, so that the next start takes as long: \(error)")
        }
        let model = try Model.load(
            folder: folder, towers: towers, precision: precision, cache: cache, on: compute)
        notes.verbose("model \(model.identity.name) from \(folder.url.path(percentEncoded: false))")
        notes.verbose(
            "loaded in \(start.duration(to: .now).seconds), \(compute.instructionSet) kernels, \(compute.threadCount) threads"
        )
        return model
    }
}

extension Precision: ExpressibleByArgument {}

/// Which library a command works with.
struct LibraryOptions: ParsableArguments {
    @Option(
        name: .shortAndLong, help: "The folder that holds the library. (default: in the user's data folder)",
        completion: .directory)
    var library: String?

    func validate() throws {
        if library?.isEmpty == true {
            throw ValidationError("--library is empty; name the folder that holds the library.")
        }
    }

    /// Opens the library, making it where there is none.
    func openOrCreate() throws -> MediaLibrary {
        try MediaLibrary(folder: folder)
    }

    /// Opens a library that something was indexed into.
    func open() throws -> MediaLibrary {
        guard MediaLibrary.exists(in: folder) else {
            throw TaskError(
                .nothingIndexed, "there is no library in \(folder.path(percentEncoded: false)) yet",
                remedy: "run: glimpse index FOLDER")
        }
        return try MediaLibrary(folder: folder)
    }

    private var folder: URL { library.map { URL(filePath: $0) } ?? StandardFolders().library }
}

/// How pictures are decoded.
struct DecodingOptions: ParsableArguments {
    /// How much of a picture is decoded.
    enum Mode: String, ExpressibleByArgument, CaseIterable {
        case exact
        case fast
    }

    @Option(help: "Decode every pixel (exact), or large JPEGs at reduced size (fast).")
    var decode = Mode.exact

    /// The decoder for a model's pictures.
    ///
    /// Called before threads are started: the library that decodes changes the environment as it starts, which others may be
    /// reading.
    func decoder(for model: Model) throws -> ImageDecoder {
        try ImageDecoder.prepare()
        return switch decode {
        case .exact: ImageDecoder()
        case .fast: ImageDecoder(mode: .fast(minimumSide: try model.preprocessor().resolution))
        }
    }
}

extension TaskError {
    /// Nothing to work on: what was looked for, and where.
    static func noPictures(in paths: [String]) -> TaskError {
        TaskError(
            .invalidInput, "no pictures in \(paths.joined(separator: ", "))",
            remedy: "names that end in .jpg, .png, .heic, .webp and the like are looked for")
    }
}

extension Duration {
    /// Seconds with two places, for notes: "0.27 s".
    var seconds: String { String(format: "%.2f s", self / .seconds(1)) }
}
