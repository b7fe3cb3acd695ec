/// How byte-level vocabularies write bytes as characters: printable ones of Latin-1 as themselves, the others in
/// their order from U+0100 on (Radford et al., 2019).
enum ByteCharacters {
    /// The bytes in the order of the vocabularies: printable ones first.
    static let byVocabulary: [UInt8] =
        (0...255).filter(isPrintable).map(UInt8.init) + (0...255).filter { !isPrintable($0) }.map(UInt8.init)

    /// The character of each byte.
    static let characters: [Unicode.Scalar] = {
        var characters = (0...255).map { Unicode.Scalar(UInt8($0)) }
        for (offset, byte) in (0...255).filter({ !isPrintable($0) }).enumerated() {
            characters[byte] = Unicode.Scalar(UInt32(0x100 + offset)) ?? characters[byte]
        }
        return characters
    }()

    private static func isPrintable(_ byte: Int) -> Bool {
        (0x21...0x7E).contains(byte) || (0xA1...0xAC).contains(byte) || byte >= 0xAE
    }
}
