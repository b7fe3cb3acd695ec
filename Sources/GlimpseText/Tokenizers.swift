import Foundation

/// Finds the tokenizer in a model's folder.
public enum Tokenizers {
    /// Loads the tokenizer of a folder: `tokenizer.json` of any kind that is known, or else the older files
    /// `vocab.json` with `merges.txt`, `spiece.model`, `sentencepiece.bpe.model` or `vocab.txt`.
    ///
    /// - Parameters:
    ///   - folder: the path of the folder.
    ///   - contextLength: the most ids of a text, special tokens included.
    ///   - cleaning: what is done to a text before.
    /// - Returns: a `CLIPTokenizer`, `UnigramTokenizer`, `BytePairTokenizer`, or a `CleanedTokenizer` around a `WordPieceTokenizer`.
    /// - Throws: `TextError`; `.notFound` where the folder has none of the files, as checkpoints of open_clip do, for
    ///   which `CLIPTokenizer(contextLength:cleaning:)` needs no file.
    public static func load(
        folder: String, contextLength: Int, cleaning: TextCleaning = .none
    ) throws -> any Tokenizer {
        try load(folder: folder, contextLength: contextLength, cleaning: cleaning, kept: nil)
    }

    /// The same with a place where the tables of `tokenizer.json` are kept.
    package static func load(
        folder: String, contextLength: Int, cleaning: TextCleaning, kept: KeptTables?
    ) throws -> any Tokenizer {
        func path(_ name: String) -> String { folder + "/" + name }
        func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }
        if has("tokenizer.json") {
            return try load(
                tokenizerJSON: path("tokenizer.json"), contextLength: contextLength, cleaning: cleaning, kept: kept)
        }
        if has("vocab.json"), has("merges.txt") {
            return try CLIPTokenizer(
                vocabulary: path("vocab.json"), merges: path("merges.txt"), contextLength: contextLength,
                cleaning: cleaning)
        }
        for (name, layout) in [("spiece.model", SentencePieceLayout.t5), ("sentencepiece.bpe.model", .fairseq)]
        where has(name) {
            return try UnigramTokenizer(
                sentencePiece: path(name), layout: layout, contextLength: contextLength, cleaning: cleaning)
        }
        if has("vocab.txt") {
            return CleanedTokenizer(
                try WordPieceTokenizer(vocabulary: path("vocab.txt"), contextLength: contextLength), cleaning)
        }
        throw TextError(
            .notFound,
            "no tokenizer.json, vocab.json with merges.txt, spiece.model, sentencepiece.bpe.model or vocab.txt",
            path: folder, remedy: "add the tokenizer's files of the model")
    }

    /// Loads a `tokenizer.json` by the type of its model.
    ///
    /// - Throws: `TextError`; `.unsupported` names what is not known.
    public static func load(
        tokenizerJSON path: String, contextLength: Int, cleaning: TextCleaning = .none
    ) throws -> any Tokenizer {
        try load(tokenizerJSON: path, contextLength: contextLength, cleaning: cleaning, kept: nil)
    }

    private static func load(
        tokenizerJSON path: String, contextLength: Int, cleaning: TextCleaning, kept: KeptTables?
    ) throws -> any Tokenizer {
        let file = try kept?.read(path) ?? TokenizerFile.read(path)
        let tokenizer = try tokenizer(file, contextLength: contextLength, cleaning: cleaning)
        if let kept, let settings = file.settings { try kept.keep(file, settings: settings) }
        return tokenizer
    }

    private static func tokenizer(
        _ file: TokenizerFile, contextLength: Int, cleaning: TextCleaning
    ) throws -> any Tokenizer {
        switch file.modelType {
        case "WordPiece":
            return CleanedTokenizer(try WordPieceTokenizer(file, contextLength: contextLength), cleaning)
        case "Unigram": return try UnigramTokenizer(file, contextLength: contextLength, cleaning: cleaning)
        case "BPE":
            if try file.wordSplitting().isByteLevel {
                return try CLIPTokenizer(file, contextLength: contextLength, cleaning: cleaning)
            }
            return try BytePairTokenizer(file, contextLength: contextLength, cleaning: cleaning)
        case let type:
            throw TextError(
                .unsupported, "model \(type ?? "without type")", path: file.path, location: "model.type")
        }
    }
}
