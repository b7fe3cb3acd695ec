/// CLIP's splitting of text into words, the pattern
/// `special|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+`, written as a scanner.
///
/// What matches none of them, white space, is left out.
package struct CLIPWords: Hashable, Sendable {
    /// Texts that are words by themselves wherever a word may start, in lower case.
    package var specials: [String]
    /// Whether the case of specials and contractions does not matter (open_clip) or they are lower case only.
    package var ignoresCase: Bool
    /// Letters and numbers assigned after this version of Unicode are neither; nil for the newest known.
    package var unicodeVersion: Int?
    /// Whether specials are split once more into words and marks, as the ByteLevel pre-tokeniser of a file does.
    package var splitsSpecials: Bool

    /// The settings of open_clip's `SimpleTokenizer`.
    package static let openCLIP = CLIPWords(
        specials: ["<start_of_text>", "<end_of_text>"], ignoresCase: true, unicodeVersion: nil, splitsSpecials: false)

    /// The settings of the pattern in Hugging Face's files, whose library knows Unicode 16.
    package static let tokenizersLibrary = CLIPWords(
        specials: [CLIPVocabulary.startToken, CLIPVocabulary.endToken], ignoresCase: false, unicodeVersion: 16,
        splitsSpecials: true)

    private static let contractions: [StaticString] = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"]

    /// Passes the words on; `body` returns false to stop.
    ///
    /// - Returns: false when `body` stopped.
    /// - Complexity: O(bytes).
    package func split(
        _ bytes: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Bool
    ) -> Bool {
        var position = 0
        while position < bytes.count {
            if bytes[position] == UInt8(ascii: "<"), let end = special(in: bytes, at: position) {
                let word = UnsafeBufferPointer(rebasing: bytes[position..<end])
                if splitsSpecials {
                    var parts = self
                    parts.specials = []
                    guard parts.split(word, body) else { return false }
                } else if !body(word) {
                    return false
                }
                position = end
                continue
            }
            let (kind, length) = kind(in: bytes, at: position)
            var end = position + length
            switch kind {
            case .space:
                position = end
                continue
            case .number: break
            case .letter: run(of: .letter, in: bytes, from: &end)
            case .mark:
                if bytes[position] == UInt8(ascii: "'"), let contraction = contraction(in: bytes, at: position) {
                    end = contraction
                } else {
                    run(of: .mark, in: bytes, from: &end)
                }
            }
            guard body(UnsafeBufferPointer(rebasing: bytes[position..<end])) else { return false }
            position = end
        }
        return true
    }

    private enum Kind { case letter, number, space, mark }

    @inline(__always)
    private func run(of kind: Kind, in bytes: UnsafeBufferPointer<UInt8>, from end: inout Int) {
        while end < bytes.count {
            let next = self.kind(in: bytes, at: end)
            guard next.kind == kind else { return }
            end += next.length
        }
    }

    @inline(__always)
    private func kind(in bytes: UnsafeBufferPointer<UInt8>, at position: Int) -> (kind: Kind, length: Int) {
        let byte = bytes[position]
        if byte < 0x80 {
            switch byte {
            case 0x61...0x7A, 0x41...0x5A: return (.letter, 1)
            case 0x30...0x39: return (.number, 1)
            case 0x20, 0x09...0x0D: return (.space, 1)
            default: return (.mark, 1)
            }
        }
        let (scalar, length) = UTF8Scalars.scalar(in: bytes, at: position)
        return (kind(of: scalar), length)
    }

    private func kind(of scalar: Unicode.Scalar) -> Kind {
        // Python's `regex` finds the iota below a letter nowhere: without case it is a letter and a mark at once.
        if ignoresCase, scalar == "\u{345}" { return .space }
        let properties = scalar.properties
        let kind: Kind
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: kind = .letter
        case .decimalNumber, .letterNumber, .otherNumber: kind = .number
        default: return properties.isWhitespace ? .space : .mark
        }
        if let unicodeVersion, let age = properties.age, age.major > unicodeVersion { return .mark }
        return kind
    }

    private func special(in bytes: UnsafeBufferPointer<UInt8>, at position: Int) -> Int? {
        for special in specials {
            if let end = match(special.utf8, in: bytes, at: position) { return end }
        }
        return nil
    }

    private func contraction(in bytes: UnsafeBufferPointer<UInt8>, at position: Int) -> Int? {
        for contraction in Self.contractions {
            let text = UnsafeBufferPointer(start: contraction.utf8Start, count: contraction.utf8CodeUnitCount)
            if let end = match(text, in: bytes, at: position) { return end }
        }
        return nil
    }

    /// Where a lower-case text that starts here ends. Without case the long s (U+017F) is an s, as in Unicode's folding.
    private func match(
        _ text: some Collection<UInt8>, in bytes: UnsafeBufferPointer<UInt8>, at start: Int
    ) -> Int? {
        var position = start
        for expected in text {
            guard position < bytes.count else { return nil }
            let byte = bytes[position]
            if byte == expected || ignoresCase && (0x41...0x5A).contains(byte) && byte | 0x20 == expected {
                position += 1
            } else if ignoresCase, expected == UInt8(ascii: "s"), byte == 0xC5, position + 1 < bytes.count,
                bytes[position + 1] == 0xBF
            {
                position += 2
            } else {
                return nil
            }
        }
        return position
    }
}
