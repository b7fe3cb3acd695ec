/// Which files of a repository make a model.
///
/// A repository often holds the same weights several times, for several libraries: one of them is enough.
public enum ModelFiles {
    /// What describes a model; those that are there are taken.
    private static let descriptions = [
        ModelFolder.configuration, ModelFolder.openCLIPConfiguration, ModelFolder.preprocessor, ModelFolder.tokenizer,
        TokenizerSettings.fileName, "special_tokens_map.json", "vocab.json", "merges.txt", "vocab.txt", "spiece.model",
        "sentencepiece.bpe.model",
    ]

    /// The names to get of those that a repository has: what describes the model, and its weights in the form that loads fastest.
    ///
    /// - Throws: `ModelError` when the names are not those of a model that Glimpse can load.
    public static func needed(of names: [String]) throws -> [String] {
        let names = Set(names)
        guard names.contains(ModelFolder.configuration) || names.contains(ModelFolder.openCLIPConfiguration) else {
            throw ModelError(
                .invalidConfiguration,
                "the repository has neither \(ModelFolder.configuration) nor \(ModelFolder.openCLIPConfiguration)",
                remedy: "choose one that holds a model for transformers or open_clip")
        }
        let openCLIP =
            names.contains(ModelFolder.openCLIPConfiguration)
            ? weights(Checkpoint.openCLIPWeights, of: names) : nil
        let transformers =
            names.contains(ModelFolder.configuration) ? weights(Checkpoint.weights, of: names) : nil
        guard let weights = openCLIP ?? transformers else {
            throw ModelError(
                .missingFile,
                "the repository has no weights that can be read: none of "
                    + (Checkpoint.openCLIPWeights + Checkpoint.weights).joined(separator: ", "),
                remedy: "choose one with weights as safetensors, or for PyTorch")
        }
        return descriptions.filter(names.contains) + weights
    }

    /// The first of the candidates that is there; an index with all the parts it may name.
    private static func weights(_ candidates: [String], of names: Set<String>) -> [String]? {
        guard let name = candidates.first(where: names.contains) else { return nil }
        guard name.hasSuffix(".index.json") else { return [name] }
        // "model.safetensors.index.json" names "model-00001-of-00002.safetensors" and so on.
        let parts = name.dropLast(".index.json".count).split(separator: ".")
        guard let stem = parts.first, let suffix = parts.last else { return [name] }
        return [name] + names.filter { $0.hasPrefix(stem + "-") && $0.hasSuffix("." + suffix) }.sorted()
    }
}
