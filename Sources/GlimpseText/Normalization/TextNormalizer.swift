/// The normalisation a `tokenizer.json` describes: steps over UTF-8, one after the other.
struct TextNormalizer: Sendable {
    /// A normaliser of `tokenizers`.
    enum Step: Sendable {
        /// Canonical (NFC) or compatible (NFKC) composition.
        case composed(isCompatible: Bool)
        /// Lower case, character by character.
        case lowercase
        /// Every match of a pattern becomes another text.
        case replace(ReplacePattern, by: [UInt8])
        /// White space removed at the ends.
        case strip(left: Bool, right: Bool)
        /// A text put before one that is not empty.
        case prepend([UInt8])
        /// SentencePiece's map of characters.
        case characterMap(CharacterMap)
        /// The whole of SentencePiece's normalisation.
        case sentencePiece(SentencePieceNormalizer)
    }

    var steps: [Step] = []

    /// The normalised text.
    func normalize(_ text: [UInt8]) -> [UInt8] {
        steps.reduce(text) { $1.apply(to: $0) }
    }
}

extension TextNormalizer.Step {
    /// Composition in the `tokenizers` library knows no character younger than this version of Unicode.
    private static let newestComposed = 9

    fileprivate func apply(to text: [UInt8]) -> [UInt8] {
        switch self {
        case .composed(let isCompatible): return Self.composed(text, isCompatible: isCompatible)
        case .lowercase: return Self.lowercased(text)
        case .replace(let pattern, let replacement): return pattern.replace(in: text, by: replacement)
        case .strip(let left, let right): return Self.stripped(text, left: left, right: right)
        case .prepend(let prefix): return text.isEmpty ? text : prefix + text
        case .characterMap(let map): return map.normalizeByGrapheme(text)
        case .sentencePiece(let normalizer): return normalizer.normalize(text)
        }
    }

    private static func composed(_ text: [UInt8], isCompatible: Bool) -> [UInt8] {
        guard text.contains(where: { $0 >= 0x80 }) else { return text }
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var part = String.UnicodeScalarView()
        func flush() {
            result += Composition.composed(part, isCompatible: isCompatible).utf8
            part = String.UnicodeScalarView()
        }
        for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
            if let age = scalar.properties.age, age.major <= newestComposed {
                part.append(scalar)
            } else {
                flush()
                result += String(scalar).utf8
            }
        }
        flush()
        return result
    }

    private static func lowercased(_ text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        text.withUnsafeBufferPointer { bytes in
            var position = 0
            while position < bytes.count {
                let (scalar, length) = UTF8Scalars.scalar(in: bytes, at: position)
                position += length
                if scalar.isASCII {
                    let byte = UInt8(scalar.value)
                    result.append((0x41...0x5A).contains(byte) ? byte | 0x20 : byte)
                } else {
                    result += scalar.properties.lowercaseMapping.utf8
                }
            }
        }
        return result
    }

    private static func stripped(_ text: [UInt8], left: Bool, right: Bool) -> [UInt8] {
        text.withUnsafeBufferPointer { bytes in
            var start = 0
            var end = bytes.count
            while left, start < end {
                let (scalar, length) = UTF8Scalars.scalar(in: bytes, at: start)
                guard scalar.properties.isWhitespace else { break }
                start += length
            }
            while right, start < end {
                let (scalar, length) = UTF8Scalars.scalar(in: bytes, before: end)
                guard scalar.properties.isWhitespace else { break }
                end -= length
            }
            return Array(bytes[start..<end])
        }
    }
}
