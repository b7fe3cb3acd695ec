internal import Foundation
package import GlimpseText

extension Checkpoint {
    /// How the model wants its pictures.
    ///
    /// - Throws: `ModelError`.
    package func preprocessor() throws -> Preprocessor {
        let preprocessor: Preprocessor
        let location: String
        switch layout {
        case .transformers:
            location = folder.path(ModelFolder.preprocessor)
            preprocessor = try Preprocessor(
                folder.decode(PreprocessorConfiguration.self, from: ModelFolder.preprocessor), at: location)
        case .openCLIP(let configuration):
            location = configurationPath
            preprocessor = try Preprocessor(
                configuration.preprocessing, imageSide: architecture.imageSide, at: location)
        }
        guard preprocessor.geometry.side == architecture.imageSide else {
            throw ModelError(
                .invalidConfiguration,
                "pictures are made \(preprocessor.geometry.side) pixels wide, the model sees \(architecture.imageSide)",
                at: location)
        }
        return preprocessor
    }

    /// What turns texts into the model's token ids.
    ///
    /// - Parameter cache: keeps its tables from one start to the next; nil to make them anew.
    /// - Throws: `ModelError` when it has ids that the model has no vectors for, `TextError` when it cannot be read.
    package func tokenizer(keptIn cache: ModelCache? = nil) throws -> any Tokenizer {
        // The fingerprint of a single file says nothing of a tokenizer beside it.
        let kept = folder.weightsFile == nil ? cache?.tokenizerTables() : nil
        let tokenizer: any Tokenizer
        switch layout {
        case .transformers: tokenizer = try transformersTokenizer(kept)
        case .openCLIP(let configuration): tokenizer = try openCLIPTokenizer(configuration.model.text, kept)
        }
        try tokenizer.requireIDs(
            below: architecture.vocabularySize, at: folder.url.path(percentEncoded: false))
        return tokenizer
    }

    private func transformersTokenizer(_ kept: KeptTables?) throws -> any Tokenizer {
        // SigLIP's own tokenizer.json says what is done to texts; its older spiece.model does not.
        let isBare = architecture is HuggingFaceSigLIP && !folder.contains(ModelFolder.tokenizer)
        let tokenizer = try Tokenizers.load(
            folder: folder.url.path(percentEncoded: false), contextLength: architecture.contextLength,
            cleaning: isBare ? .unpunctuated : .none, kept: kept)
        // SigLIP 2's texts are lower-cased before Gemma's tokenizer.
        guard architecture is HuggingFaceSigLIP, tokenizer is BytePairTokenizer else { return tokenizer }
        return CleanedTokenizer(tokenizer, .lowercase)
    }

    private func openCLIPTokenizer(
        _ text: OpenCLIPConfiguration.Text, _ kept: KeptTables?
    ) throws -> any Tokenizer {
        let contextLength = architecture.contextLength
        guard let name = text.huggingFaceTokenizerName else {
            return try CLIPTokenizer(contextLength: contextLength, cleaning: .lower)
        }
        guard folder.weightsFile == nil else {
            throw ModelError(
                .invalidConfiguration, "the tokenizer \(name) is not part of the file", at: configurationPath,
                remedy: "use a model folder that holds the tokenizer's files")
        }
        let cleaning: TextCleaning
        switch text.tokenizerArguments?.clean ?? "whitespace" {
        case "whitespace": cleaning = .whitespace
        case "lower": cleaning = .lower
        case "canonicalize": cleaning = .canonicalize
        case let clean:
            throw ModelError(.invalidConfiguration, "text_cfg: clean \"\(clean)\"", at: configurationPath)
        }
        let path = folder.url.path(percentEncoded: false)
        let tokenizer = try Tokenizers.load(
            folder: path, contextLength: contextLength, cleaning: cleaning, kept: kept)
        guard text.tokenizerArguments?.stripsSeparator == true else { return tokenizer }
        return SeparatorStrippingTokenizer(tokenizer)
    }
}

/// A tokenizer whose end token is replaced by padding, as CLIPA's models were trained.
private struct SeparatorStrippingTokenizer: Tokenizer {
    private let base: any Tokenizer
    private let separator: Int32?

    init(_ base: any Tokenizer) {
        self.base = base
        separator = base.encode("").last
    }

    var contextLength: Int { base.contextLength }
    var idRange: ClosedRange<Int32> { 0...base.idRange.upperBound }

    func encode(_ text: String) -> [Int32] { base.encode(text).map { $0 == separator ? 0 : $0 } }
}
