/// Text towers of transformers that open_clip's multilingual models are built on: open_clip names them, and their sizes are the library's.
package struct XLMRobertaKinds: Sendable {
    private let kinds: [String: XLMRobertaKind]

    /// Kinds by their names.
    package init(_ kinds: [String: XLMRobertaKind]) { self.kinds = kinds }

    func kind(named name: String) -> XLMRobertaKind? { kinds[name] }

    /// Those of the models that open_clip publishes.
    package static let known: XLMRobertaKinds = {
        let base = XLMRobertaKind(width: 768, layerCount: 12, headCount: 12, hiddenWidth: 3072)
        let large = XLMRobertaKind(width: 1024, layerCount: 24, headCount: 16, hiddenWidth: 4096)
        return XLMRobertaKinds([
            "xlm-roberta-base": base, "FacebookAI/xlm-roberta-base": base, "xlm-roberta-large": large,
            "FacebookAI/xlm-roberta-large": large,
        ])
    }()
}

/// The sizes of an XLM-RoBERTa.
package struct XLMRobertaKind: Sendable {
    let configuration: BertConfiguration

    /// Sizes; those left out are the same in all that are published.
    package init(
        width: Int, layerCount: Int, headCount: Int, hiddenWidth: Int, vocabularySize: Int = 250_002,
        positionCount: Int = 514
    ) {
        configuration = BertConfiguration(
            vocabularySize: vocabularySize, width: width, layerCount: layerCount, headCount: headCount,
            intermediateWidth: hiddenWidth, positionCount: positionCount, typeCount: 1, layerNormEpsilon: 1e-5,
            hiddenActivation: "gelu", firstPosition: 2)
    }
}
