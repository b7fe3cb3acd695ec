import GlimpseFormats

/// Where the tables of a tokenizer are kept between starts, in a file that can be made again.
///
/// To read a `tokenizer.json` and to look up every merge takes longer than anything else of a search by words.
package struct KeptTables: Sendable {
    /// The file, which need not exist.
    let path: String
    /// What the file has to say of itself to be believed.
    let metadata: [String: String]
    /// Told when the file was of use.
    let noteUse: @Sendable () -> Void
    /// Lets a closure write the file, unless it is too large, and answers for what goes wrong.
    let store: @Sendable (_ byteCount: Int, _ write: () throws -> Void) -> Void

    /// Changes with every change of how tables are laid out or named.
    private static let layout = "tables, version 1"

    /// Names the file.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - metadata: tells what it is of from all else.
    ///   - noteUse: told when the file was of use.
    ///   - store: lets a closure write the file, unless it is too large, and answers for what goes wrong.
    package init(
        path: String, metadata: [String: String], noteUse: @escaping @Sendable () -> Void,
        store: @escaping @Sendable (_ byteCount: Int, _ write: () throws -> Void) -> Void
    ) {
        self.path = path
        self.metadata = metadata.merging(["layout": Self.layout]) { $1 }
        self.noteUse = noteUse
        self.store = store
    }
}

extension KeptTables {
    private static let settings = "settings", tokens = "tokens", pieces = "pieces", merges = "merges"

    /// What is kept of a `tokenizer.json`; nil where there is nothing, or anything is wrong with it.
    ///
    /// - Parameter path: of the `tokenizer.json`, for errors.
    func read(_ path: String) -> TokenizerFile? {
        do {
            let file = try TableReader(path: self.path, metadata: metadata)
            let root = try file.array(Self.settings, of: UInt8.self).withUnsafeBytes { try JSON.parse($0, path: path) }
            var vocabulary: TokenizerFile.Vocabulary?
            if file.contains("\(Self.tokens).slots") {
                vocabulary = .ids(try TokenTable(Self.tokens, in: file))
            } else if file.contains("\(Self.pieces).ids") {
                vocabulary = .pieces(try PieceTable(Self.pieces, in: file))
            }
            let merges = file.contains(Self.merges) ? try PairTable(Self.merges, in: file) : nil
            noteUse()
            return TokenizerFile(
                path: path, root: root, vocabulary: vocabulary, merges: merges.map { .success($0) }, settings: nil)
        } catch {
            // Not there, not readable, damaged: it is made again.
            return nil
        }
    }

    /// Keeps the tables of a file.
    ///
    /// - Parameter settings: the document without its lists.
    /// - Throws: where its merges are of no use.
    func keep(_ file: TokenizerFile, settings: [UInt8]) throws {
        var writer = TableWriter()
        writer.add(Self.settings, settings)
        switch file.vocabulary {
        case .ids(let table): table.write(Self.tokens, to: &writer)
        case .pieces(let table): table.write(Self.pieces, to: &writer)
        case nil: break
        }
        try file.merges?.get().write(Self.merges, to: &writer)
        store(writer.byteCount) { try writer.write(to: path, metadata: metadata) }
    }
}
