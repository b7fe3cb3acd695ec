/// The tokenizer of BERT and its descendants, with ids equal to those of Hugging Face's `tokenizers`.
///
/// Text → added tokens such as `[MASK]` → normalisation → words and punctuation → pieces of words → `[CLS] … [SEP]`.
public struct WordPieceTokenizer: Tokenizer {
    /// The most ids `encode` returns, special tokens included.
    public let contextLength: Int

    let model: WordPieceModel
    let normalizer: BertNormalizer?
    /// Added tokens found in the text as given.
    let rawTokens: AddedTokens
    /// Added tokens found in the normalised text.
    let normalizedTokens: AddedTokens
    /// The ids before and behind the text's own.
    let startIDs: [Int32]
    let endIDs: [Int32]
    /// The smallest and the largest id that `encode` may return.
    public let idRange: ClosedRange<Int32>

    /// The ids of a text between its start and end tokens, cut to the context length.
    ///
    /// - Complexity: O(bytes) but for words of many pieces.
    public func encode(_ text: String) -> [Int32] {
        let limit = contextLength - startIDs.count - endIDs.count
        var ids = startIDs
        var text = text
        text.withUTF8 { bytes in
            var content = Content(limit: limit)
            _ = rawTokens.split(bytes) { piece, id in
                if let id { return content.append(id) }
                return encode(raw: piece, into: &content)
            }
            ids.append(contentsOf: content.ids.prefix(limit))
        }
        ids.append(contentsOf: endIDs)
        return ids
    }

    /// The ids of the text itself, and scratch space for making them.
    private struct Content {
        let limit: Int
        var ids: [Int32] = []
        var hashes: [TokenTable.Hash] = []

        init(limit: Int) { self.limit = limit }

        var wantsMore: Bool { ids.count < limit }

        mutating func append(_ id: Int32) -> Bool {
            ids.append(id)
            return wantsMore
        }
    }

    private func encode(raw bytes: UnsafeBufferPointer<UInt8>, into content: inout Content) -> Bool {
        guard let normalizer else { return encode(normalized: bytes, into: &content) }
        var normalized: [UInt8] = []
        normalizer.normalize(bytes, into: &normalized)
        return normalized.withUnsafeBufferPointer { encode(normalized: $0, into: &content) }
    }

    private func encode(normalized bytes: UnsafeBufferPointer<UInt8>, into content: inout Content) -> Bool {
        guard !normalizedTokens.isEmpty else { return encode(words: bytes, into: &content) }
        return normalizedTokens.split(bytes) { piece, id in
            if let id { return content.append(id) }
            return encode(words: piece, into: &content)
        }
    }

    /// Splits at white space and around punctuation, and appends the pieces of each word.
    private func encode(words bytes: UnsafeBufferPointer<UInt8>, into content: inout Content) -> Bool {
        var wordStart = 0
        var characterCount = 0
        var position = 0
        func endWord(_ content: inout Content) {
            guard wordStart < position else { return }
            let word = UnsafeBufferPointer(rebasing: bytes[wordStart..<position])
            model.append(word, characterCount: characterCount, to: &content.ids, hashes: &content.hashes)
            characterCount = 0
        }
        while position < bytes.count {
            let (scalar, length) = UTF8Scalars.scalar(in: bytes, at: position)
            let isSpace = Self.isWhitespace(scalar)
            guard isSpace || BertCharacters.isPunctuation(scalar) else {
                position += length
                characterCount += 1
                continue
            }
            endWord(&content)
            wordStart = position
            position += length
            if !isSpace {
                characterCount = 1
                endWord(&content)
            }
            wordStart = position
            if !content.wantsMore { return false }
        }
        endWord(&content)
        return content.wantsMore
    }

    @inline(__always)
    private static func isWhitespace(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar == " " || (0x09...0x0D).contains(scalar.value) }
        return scalar.properties.isWhitespace
    }
}
