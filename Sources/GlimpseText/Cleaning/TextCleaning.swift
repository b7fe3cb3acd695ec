/// What is done to a text before its tokenizer sees it; a model needs the cleaning it was trained with.
public enum TextCleaning: String, Hashable, Sendable, Codable, CaseIterable {
    /// Nothing: what is needed stands in the tokenizer's file.
    case none
    /// Lower case, character by character, as SigLIP 2 does.
    case lowercase
    /// ASCII punctuation removed, lower case, single spaces, as SigLIP does.
    case unpunctuated
    /// Repaired and unescaped (see `TextRepair`), single spaces: `whitespace` of open_clip.
    case whitespace
    /// As `whitespace`, and lower case: `lower` of open_clip, the cleaning of OpenAI's CLIP.
    case lower
    /// As `lower`, underscores as spaces and ASCII punctuation removed: `canonicalize` of open_clip, used by CLIPA.
    case canonicalize

    /// The cleaned text.
    ///
    /// - Complexity: O(length).
    public func apply(to text: String) -> String {
        switch self {
        case .none: text
        case .lowercase:
            PythonText.string(text.unicodeScalars.flatMap { $0.properties.lowercaseMapping.unicodeScalars })
        case .unpunctuated:
            PythonText.string(unpunctuated(PythonText.lowercased(Array(text.unicodeScalars))))
        case .whitespace: PythonText.string(PythonText.singleSpaced(Self.repaired(text)))
        case .lower: PythonText.string(PythonText.lowercased(PythonText.singleSpaced(Self.repaired(text))))
        case .canonicalize: PythonText.string(canonicalized(Self.repaired(text)))
        }
    }

    private static func repaired(_ text: String) -> [Unicode.Scalar] {
        HTMLEntities.unescape(HTMLEntities.unescape(TextRepair.repair(Array(text.unicodeScalars))))
    }

    private func canonicalized(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        let words = text.map { $0 == "_" ? " " : $0 }.filter { !isPunctuation($0) }
        return PythonText.singleSpaced(PythonText.lowercased(words))
    }

    private func unpunctuated(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        PythonText.singleSpaced(text.filter { !isPunctuation($0) })
    }

    /// Python's `string.punctuation`.
    private func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII && BertCharacters.isPunctuation(scalar)
    }
}
