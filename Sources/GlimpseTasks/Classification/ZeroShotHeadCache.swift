public import Foundation
public import GlimpseModels

/// The heads made lately, kept in a folder, so that a label set is embedded once and not at every start.
///
/// A cache: each file says what it was made from and is checked when it is read, anything wrong with it means that the head is made
/// again, and a folder that cannot be read or written only costs time. Processes may share the folder.
public struct ZeroShotHeadCache: Sendable {
    /// A head, and where it is from.
    public struct Lookup: Sendable {
        /// The head.
        public let head: ZeroShotHead
        /// Whether it was read from the cache: no text tower was needed then.
        public let isCached: Bool
        /// Why a head that was made is not kept; nil where it is.
        public let obstacle: String?
    }

    /// Where heads are kept, a file each. It need not exist.
    public var folder: URL { files.url }
    private let files: CacheFolder

    /// Names the folder of a cache without looking into it.
    ///
    /// - Parameters:
    ///   - folder: holds nothing else.
    ///   - fileLimit: how many heads are kept; those not used for longest go first.
    ///   - byteLimit: how many bytes they may take together.
    public init(
        folder: URL = StandardFolders().cache.appending(path: "heads"), fileLimit: Int = 64,
        byteLimit: Int = 512 << 20
    ) {
        files = CacheFolder(folder, fileLimit: fileLimit, byteLimit: byteLimit)
    }

    /// Reads a head, or makes and keeps it.
    ///
    /// - Parameters:
    ///   - labels: what is told apart.
    ///   - templates: the sentences a label is put in.
    ///   - model: whose head it is.
    ///   - progress: told how many sentences are embedded, of how many.
    ///   - embedder: called only when the head has to be made; gives the same model with its text tower.
    /// - Throws: what `embedder` throws and `ZeroShotHead` does; `TaskError` when the embedder is another model's.
    public func head(
        _ labels: LabelSet, templates: PromptTemplates = .simple, model: ModelIdentity,
        progress: (_ completed: Int, _ total: Int) -> Void = { _, _ in }, embedder: () throws -> Embedder
    ) throws -> Lookup {
        let key = ZeroShotHeadKey(labels, templates, model: model)
        let file = ZeroShotHeadFile(url: files.file(key.digest), key: key)
        if let head = file.read(labels, model: model) {
            return Lookup(head: head, isCached: true, obstacle: nil)
        }
        let embedder = try embedder()
        guard embedder.model.identity == model else {
            throw TaskError(
                .invalidInput, "the model \(model.name) is not the same for pictures and for texts",
                remedy: "its files changed in between: try again")
        }
        let head = try ZeroShotHead(labels, templates: templates, embedder: embedder, progress: progress)
        do {
            try files.keep { try file.write(head) }
            return Lookup(head: head, isCached: false, obstacle: nil)
        } catch {
            return Lookup(
                head: head, isCached: false,
                obstacle: "\(folder.path(percentEncoded: false)): \(error.localizedDescription)")
        }
    }
}
