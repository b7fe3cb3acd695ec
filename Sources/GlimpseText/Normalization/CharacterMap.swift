/// SentencePiece's precompiled normalisation: a double-array trie (Darts) from texts to their replacements.
///
/// Every access is checked, so a damaged map gives wrong text, but valid UTF-8, and never reads beyond its end.
package struct CharacterMap: Hashable, Sendable {
    private let units: [UInt32]
    /// The replacements, each ended by a zero.
    private let replacements: [UInt8]

    /// Reads the blob: the size of the trie in bytes (little-endian), the trie, the replacements.
    ///
    /// - Throws: `TextError` where the sizes contradict each other.
    package init(_ blob: [UInt8], path: String, location: String) throws {
        func word(_ offset: Int) -> UInt32 {
            (0..<4).reduce(0) { $0 | UInt32(blob[offset + $1]) << UInt32(8 * $1) }
        }
        guard blob.count >= 4 else {
            throw TextError(.malformed, "a character map of \(blob.count) bytes", path: path, location: location)
        }
        let size = Int(word(0))
        guard size % 4 == 0, size >= 4, size <= blob.count - 4 else {
            throw TextError(
                .malformed, "a trie of \(size) bytes in a character map of \(blob.count)", path: path,
                location: location)
        }
        units = (0..<size / 4).map { word(4 + 4 * $0) }
        replacements = Array(blob[(4 + size)...])
        // A replacement is cut at its zero only, and what is cut must be text.
        guard String(validating: replacements, as: UTF8.self) != nil else {
            throw TextError(.malformed, "a character map with invalid UTF-8", path: path, location: location)
        }
    }

    /// Reads a blob in Base64.
    package init(base64 text: String, path: String, location: String) throws {
        guard let blob = Base64.decode(text) else {
            throw TextError(.malformed, "a character map that is not Base64", path: path, location: location)
        }
        try self.init(blob, path: path, location: location)
    }

    /// The normalised text as the `tokenizers` library makes it: grapheme by grapheme where it is short, else
    /// character by character, and of the entries that a piece starts with the shortest replaces the whole piece.
    func normalizeByGrapheme(_ text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        for grapheme in String(decoding: text, as: UTF8.self) {
            let bytes = Array(grapheme.utf8)
            if bytes.count < 6, let entry = entry(of: bytes[...], isLongest: false) {
                result += replacement(entry.value)
                continue
            }
            for scalar in grapheme.unicodeScalars {
                let bytes = Array(String(scalar).utf8)
                if let entry = entry(of: bytes[...], isLongest: false) {
                    result += replacement(entry.value)
                } else {
                    result += bytes
                }
            }
        }
        return result
    }

    /// The replacement of the longest entry that the text starts with, and the entry's length.
    func longestReplacement(of text: ArraySlice<UInt8>) -> (replacement: ArraySlice<UInt8>, length: Int)? {
        entry(of: text, isLongest: true).map { (replacement($0.value), $0.length) }
    }

    private func entry(of text: ArraySlice<UInt8>, isLongest: Bool) -> (value: Int, length: Int)? {
        var found: (value: Int, length: Int)?
        var node = Self.offset(units[0])
        var length = 0
        for byte in text {
            guard byte != 0 else { break }
            node ^= Int(byte)
            guard node < units.count else { break }
            let unit = units[node]
            guard unit & 0x8000_00FF == UInt32(byte) else { break }
            node ^= Self.offset(unit)
            length += 1
            guard node < units.count else { break }
            // An entry that ends within a character would leave half of it.
            let next = text.startIndex + length
            if unit & 0x100 != 0, next == text.endIndex || !Self.isContinuation(text[next]) {
                found = (Int(units[node] & 0x7FFF_FFFF), length)
                if !isLongest { break }
            }
        }
        return found
    }

    private static func offset(_ unit: UInt32) -> Int {
        Int((unit >> 10) << ((unit & 0x200) >> 6))
    }

    private static func isContinuation(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }

    private func replacement(_ start: Int) -> ArraySlice<UInt8> {
        // A replacement that begins within a character is none.
        guard start < replacements.count, !Self.isContinuation(replacements[start]) else { return [] }
        return replacements[start...].prefix { $0 != 0 }
    }
}

/// Base64 (RFC 4648) without line breaks.
enum Base64 {
    /// The bytes; nil where the text is not Base64.
    static func decode(_ text: String) -> [UInt8]? {
        var digits = text.utf8[...]
        guard digits.count % 4 == 0 else { return nil }
        for _ in 0..<2 where digits.last == UInt8(ascii: "=") { digits.removeLast() }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count * 3 / 4)
        var bits: UInt32 = 0
        var count: UInt32 = 0
        for digit in digits {
            let value: UInt8
            switch digit {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = digit - UInt8(ascii: "A")
            case UInt8(ascii: "a")...UInt8(ascii: "z"): value = digit - UInt8(ascii: "a") + 26
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = digit - UInt8(ascii: "0") + 52
            case UInt8(ascii: "+"): value = 62
            case UInt8(ascii: "/"): value = 63
            default: return nil
            }
            bits = bits << 6 | UInt32(value)
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> count))
            }
        }
        return bytes
    }
}
