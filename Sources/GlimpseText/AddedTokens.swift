/// A token that is found in the text before the model sees it, such as `[MASK]` or `<|endoftext|>`.
struct AddedToken: Hashable, Sendable {
    /// Its text.
    var content: [UInt8]
    /// Its id.
    var id: Int32
    /// Found only where no letter or digit touches it.
    var isSingleWord = false
    /// Takes the white space before it.
    var stripsLeft = false
    /// Takes the white space behind it.
    var stripsRight = false
    /// Found in the normalised text, not in the text as given.
    var isNormalized = false
}

/// Splits text at added tokens: of those that start first, the longest, as the `tokenizers` library finds them.
struct AddedTokens: Sendable {
    private let tokens: [AddedToken]
    /// For each first byte the tokens that start with it, longest first.
    private let candidates: [[Int]]

    init(_ tokens: [AddedToken]) {
        var candidates = [[Int]](repeating: [], count: 256)
        for (index, token) in tokens.enumerated() {
            if let first = token.content.first { candidates[Int(first)].append(index) }
        }
        for byte in candidates.indices {
            candidates[byte].sort { tokens[$0].content.count > tokens[$1].content.count }
        }
        self.tokens = tokens
        self.candidates = candidates
    }

    var isEmpty: Bool { tokens.isEmpty }

    /// Passes the text on in pieces: plain ones (id nil) and tokens. `body` returns false to stop.
    ///
    /// - Returns: false when `body` stopped.
    func split(
        _ bytes: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>, Int32?) -> Bool
    ) -> Bool {
        var pieceStart = 0
        var position = 0
        while position < bytes.count {
            guard let token = match(in: bytes, at: position) else {
                position += 1
                continue
            }
            var start = position
            var end = position + token.content.count
            position = end
            if token.isSingleWord, touchesWord(bytes, start: start, end: end) { continue }
            if token.stripsLeft {
                while start > pieceStart {
                    let (scalar, length) = UTF8Scalars.scalar(in: bytes, before: start)
                    guard scalar.properties.isWhitespace else { break }
                    start -= length
                }
            }
            if token.stripsRight {
                while end < bytes.count {
                    let (scalar, length) = UTF8Scalars.scalar(in: bytes, at: end)
                    guard scalar.properties.isWhitespace else { break }
                    end += length
                }
            }
            if pieceStart < start, !body(UnsafeBufferPointer(rebasing: bytes[pieceStart..<start]), nil) { return false }
            if !body(UnsafeBufferPointer(rebasing: bytes[start..<end]), token.id) { return false }
            pieceStart = end
            position = end
        }
        guard pieceStart < bytes.count else { return true }
        return body(UnsafeBufferPointer(rebasing: bytes[pieceStart...]), nil)
    }

    @inline(__always)
    private func match(in bytes: UnsafeBufferPointer<UInt8>, at position: Int) -> AddedToken? {
        for index in candidates[Int(bytes[position])] {
            let content = tokens[index].content
            if bytes.count - position >= content.count, bytes[position...].starts(with: content) {
                return tokens[index]
            }
        }
        return nil
    }

    private func touchesWord(_ bytes: UnsafeBufferPointer<UInt8>, start: Int, end: Int) -> Bool {
        (start > 0 && Self.isWord(UTF8Scalars.scalar(in: bytes, before: start).scalar))
            || (end < bytes.count && Self.isWord(UTF8Scalars.scalar(in: bytes, at: end).scalar))
    }

    /// `\w` of Unicode regular expressions (UTS #18, annex C).
    private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        let properties = scalar.properties
        switch properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .connectorPunctuation: return true
        default: return properties.isAlphabetic || properties.isJoinControl
        }
    }
}
