/// SentencePiece's normalisation: the character map's longest entries, spaces counted down and written as U+2581.
struct SentencePieceNormalizer: Sendable {
    var characterMap: CharacterMap?
    var addsPrefix: Bool
    var removesExtraSpaces: Bool
    var escapesSpaces: Bool
    /// Pieces the user defined, which are not normalised.
    var protectedPieces: ByteTrie?

    /// How a space is written.
    static let mark: [UInt8] = [0xE2, 0x96, 0x81]

    /// The normalised text.
    ///
    /// - Complexity: O(bytes · longest entry).
    func normalize(_ text: [UInt8]) -> [UInt8] {
        var rest = text[...]
        let space = escapesSpaces ? Self.mark : [0x20]
        if removesExtraSpaces {
            while !rest.isEmpty {
                let (replacement, length) = first(rest)
                guard replacement.elementsEqual(CollectionOfOne(0x20)) else { break }
                rest = rest.dropFirst(length)
            }
        }
        guard !rest.isEmpty else { return [] }
        var result = addsPrefix ? space : []
        result.reserveCapacity(rest.count + rest.count / 2)
        var followsSpace = removesExtraSpaces
        while !rest.isEmpty {
            var (replacement, length) = first(rest)
            rest = rest.dropFirst(length)
            if followsSpace { replacement = replacement.drop { $0 == 0x20 } }
            if !replacement.isEmpty {
                for byte in replacement {
                    if byte == 0x20 { result += space } else { result.append(byte) }
                }
                followsSpace = replacement.last == 0x20
            }
            if !removesExtraSpaces { followsSpace = false }
        }
        if removesExtraSpaces {
            while result.suffix(space.count).elementsEqual(space) { result.removeLast(space.count) }
        }
        return result
    }

    /// What replaces the text's first entry or character, and how many bytes it replaces.
    private func first(_ text: ArraySlice<UInt8>) -> (replacement: ArraySlice<UInt8>, length: Int) {
        if let protectedPieces {
            var node: Int32 = 0
            var longest = 0
            for (offset, byte) in text.enumerated() {
                guard let next = protectedPieces.child(of: node, byte) else { break }
                node = next
                if protectedPieces.number(at: node) >= 0 { longest = offset + 1 }
            }
            if longest > 0 { return (text.prefix(longest), longest) }
        }
        if let entry = characterMap?.longestReplacement(of: text) { return entry }
        let length = text.dropFirst().prefix { $0 & 0xC0 == 0x80 }.count + 1
        return (text.prefix(length), length)
    }
}
