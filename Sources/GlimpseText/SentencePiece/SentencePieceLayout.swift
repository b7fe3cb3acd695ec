/// How models number the pieces of a SentencePiece file, and what they put around a text.
public enum SentencePieceLayout: String, Hashable, Sendable, Codable {
    /// Ids are the pieces' places, and `</s>` ends a text: T5 and SigLIP.
    case t5
    /// Ids of fairseq: `<s>`, `<pad>`, `</s>` and `<unk>` come first, all others move up by one: XLM-RoBERTa.
    case fairseq

    /// The id of a piece by its place in the file.
    func id(_ place: Int, kind: SentencePieceFile.Kind) -> Int32 {
        switch self {
        case .t5: Int32(place)
        case .fairseq: kind == .unknown ? 3 : Int32(place) + 1
        }
    }

    /// The ids before and behind a text.
    func template(_ file: SentencePieceFile) throws -> (start: [Int32], end: [Int32]) {
        switch self {
        case .fairseq: return ([0], [2])
        case .t5:
            let end = Array("</s>".utf8)
            guard let place = file.pieces.firstIndex(where: { $0.text == end }) else {
                throw TextError(.malformed, "the model has no </s>", path: file.path)
            }
            return ([], [Int32(place)])
        }
    }
}

extension SentencePieceFile {
    /// The normalisation of the file.
    func normalizer() -> SentencePieceNormalizer {
        var protected: ByteTrie?
        for (place, piece) in pieces.enumerated() where piece.kind == .userDefined {
            var trie = protected ?? ByteTrie()
            trie.insert(piece.text, number: Int32(place))
            protected = trie
        }
        return SentencePieceNormalizer(
            characterMap: characterMap, addsPrefix: addsPrefix, removesExtraSpaces: removesExtraSpaces,
            escapesSpaces: escapesSpaces, protectedPieces: protected)
    }

    /// The model of the file with the ids of a layout.
    func unigramModel(_ layout: SentencePieceLayout) throws -> UnigramModel {
        guard let unknown = pieces.firstIndex(where: { $0.kind == .unknown }) else {
            throw TextError(.malformed, "the model has no unknown piece", path: path)
        }
        let normal = pieces.filter { $0.kind == .normal }.map { Double($0.score) }
        // A piece the user defined wins over everything: more than the best score for each of its bytes.
        let bestScore = max(normal.max() ?? 0, Double(Float.leastNormalMagnitude))
        var bytes = TokenTable(capacity: 256)
        var found: [UnigramModel.Piece] = []
        for (place, piece) in pieces.enumerated() {
            let id = layout.id(place, kind: piece.kind)
            switch piece.kind {
            case .normal: found.append(UnigramModel.Piece(text: piece.text, score: Double(piece.score), id: id))
            case .userDefined:
                let score = Double(piece.text.count) * bestScore - 0.1
                found.append(UnigramModel.Piece(text: piece.text, score: score, id: id))
            case .byte where usesByteFallback && bytes.count < 256: _ = bytes.insert(piece.text, id: id)
            case .unknown, .control, .unused, .byte: break
            }
        }
        let byteIDs = usesByteFallback ? BytePairReader.byteFallbackIDs { bytes.id(of: $0) } : []
        guard !byteIDs.contains(-1) else {
            throw TextError(.malformed, "the model lacks pieces of bytes", path: path, location: "trainer_spec")
        }
        return UnigramModel(
            pieces: PieceTable(found), leastScore: normal.min() ?? 0, unknownID: layout.id(unknown, kind: .unknown),
            byteIDs: byteIDs, usesSinglePrecision: true)
    }
}
