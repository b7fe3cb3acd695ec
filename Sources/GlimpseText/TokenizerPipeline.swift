/// The way from a text to ids that all subword tokenizers share:
/// cleaning → added tokens → normalisation → words → pieces of words → `start … end`.
struct TokenizerPipeline<Model: SubwordModel>: Sendable {
    var contextLength: Int
    var cleaning: TextCleaning
    var addedTokens: [AddedToken] = []
    var normalizer = TextNormalizer()
    /// Applied one after the other; without any the text is one word.
    var splitters: [WordSplitter] = []
    var model: Model
    /// The ids before and behind the text's own.
    var startIDs: [Int32]
    var endIDs: [Int32]
}

/// A pipeline with its tables made and its settings checked.
struct PreparedPipeline<Model: SubwordModel>: Sendable {
    let contextLength: Int
    let idRange: ClosedRange<Int32>
    private let pipeline: TokenizerPipeline<Model>
    /// Added tokens found in the text as given, and those found in the normalised text.
    private let rawTokens: AddedTokens
    private let normalizedTokens: AddedTokens

    /// - Parameter path: the file, for errors.
    /// - Throws: `TextError` where the context has no room for text or an id is negative.
    init(_ pipeline: TokenizerPipeline<Model>, path: String) throws {
        guard pipeline.contextLength > pipeline.startIDs.count + pipeline.endIDs.count else {
            throw TextError(
                .invalidArgument, "a context of \(pipeline.contextLength) has no room beside the special tokens",
                path: path)
        }
        var ids = pipeline.startIDs + pipeline.endIDs + pipeline.addedTokens.map(\.id)
        if let range = pipeline.model.idRange { ids += [range.lowerBound, range.upperBound] }
        guard let least = ids.min(), let most = ids.max() else {
            throw TextError(.malformed, "the vocabulary is empty", path: path)
        }
        guard least >= 0 else { throw TextError(.malformed, "a token has the id \(least)", path: path) }
        contextLength = pipeline.contextLength
        idRange = least...most
        self.pipeline = pipeline
        rawTokens = AddedTokens(pipeline.addedTokens.filter { !$0.isNormalized })
        normalizedTokens = AddedTokens(
            pipeline.addedTokens.filter(\.isNormalized).map { token in
                var token = token
                token.content = pipeline.normalizer.normalize(token.content)
                return token
            })
    }

    /// The ids of a text between its start and end tokens, cut to the context length.
    func encode(_ text: String) -> [Int32] {
        let limit = contextLength - pipeline.startIDs.count - pipeline.endIDs.count
        var content = Content(limit: limit, workspace: pipeline.model.makeWorkspace())
        var text = pipeline.cleaning.apply(to: text)
        text.withUTF8 { bytes in
            var isFirst = true
            _ = rawTokens.split(bytes) { piece, id in
                defer { isFirst = false }
                if let id { return content.append(id) }
                return encode(raw: piece, isFirst: isFirst, into: &content)
            }
        }
        return pipeline.startIDs + content.ids.prefix(limit) + pipeline.endIDs
    }

    /// The ids of the text itself, and scratch space for making them.
    private struct Content {
        let limit: Int
        var ids: [Int32] = []
        var workspace: Model.Workspace

        init(limit: Int, workspace: Model.Workspace) {
            self.limit = limit
            self.workspace = workspace
        }

        var wantsMore: Bool { ids.count < limit }

        mutating func append(_ id: Int32) -> Bool {
            ids.append(id)
            return wantsMore
        }
    }

    private func encode(raw bytes: UnsafeBufferPointer<UInt8>, isFirst: Bool, into content: inout Content) -> Bool {
        if pipeline.normalizer.steps.isEmpty { return encode(normalized: bytes, isFirst: isFirst, into: &content) }
        return pipeline.normalizer.normalize(Array(bytes)).withUnsafeBufferPointer {
            encode(normalized: $0, isFirst: isFirst, into: &content)
        }
    }

    private func encode(
        normalized bytes: UnsafeBufferPointer<UInt8>, isFirst: Bool, into content: inout Content
    ) -> Bool {
        guard !normalizedTokens.isEmpty else {
            return encode(bytes, isFirst: isFirst, splitters: pipeline.splitters[...], into: &content)
        }
        var isFirst = isFirst
        return normalizedTokens.split(bytes) { piece, id in
            defer { isFirst = false }
            if let id { return content.append(id) }
            return encode(piece, isFirst: isFirst, splitters: pipeline.splitters[...], into: &content)
        }
    }

    private func encode(
        _ bytes: UnsafeBufferPointer<UInt8>, isFirst: Bool, splitters: ArraySlice<WordSplitter>,
        into content: inout Content
    ) -> Bool {
        guard let splitter = splitters.first else {
            pipeline.model.append(bytes, to: &content.ids, workspace: &content.workspace)
            return content.wantsMore
        }
        var isFirst = isFirst
        return splitter.split(bytes, isFirst: isFirst) { word in
            defer { isFirst = false }
            return encode(word, isFirst: isFirst, splitters: splitters.dropFirst(), into: &content)
        }
    }
}
