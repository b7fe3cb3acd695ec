/// The classes of characters BERT's normaliser and pre-tokeniser know.
///
/// The `tokenizers` library takes them from tables of Unicode 8.0, where what was assigned later has no class; ids are
/// equal to its ids only with the same tables. The characters listed singly have changed their class since.
package enum BertCharacters {
    /// Removed from the text: control, format, private use and the replacement character.
    package static func isRemoved(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "\t", "\n", "\r": return false
        case "\u{FFFD}": return true
        default: break
        }
        switch scalar.properties.generalCategory {
        case .control, .privateUse, .surrogate: return true
        case .format: return isOfUnicode8(scalar)
        default: return false
        }
    }

    /// Removed with the accents, once the text is decomposed.
    package static func isNonspacingMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "\u{1734}", "\u{1171E}": true
        case "\u{1885}", "\u{1886}", "\u{A9BD}", "\u{111C9}": false
        default: scalar.properties.generalCategory == .nonspacingMark && isOfUnicode8(scalar)
        }
    }

    /// A word of its own: every mark of ASCII, symbols included, and Unicode's punctuation.
    package static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII {
            return switch scalar {
            case "!"..."/", ":"..."@", "["..."`", "{"..."~": true
            default: false
            }
        }
        switch scalar {
        case "\u{166D}", "\u{111C9}": return true
        default: break
        }
        switch scalar.properties.generalCategory {
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation:
            return isOfUnicode8(scalar)
        default: return false
        }
    }

    /// An ideograph that becomes a word of its own; the gap at U+2B820 is BERT's.
    package static func isChinese(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x2A6DF, 0x2A700...0x2B81F, 0x2B920...0x2CEAF,
            0xF900...0xFAFF, 0x2F800...0x2FA1F:
            true
        default: false
        }
    }

    /// Whether the library's table of decompositions knows the character; it is older than Unicode 13.
    static func isDecomposable(_ scalar: Unicode.Scalar) -> Bool {
        guard let age = scalar.properties.age else { return false }
        return age.major < 13
    }

    private static func isOfUnicode8(_ scalar: Unicode.Scalar) -> Bool {
        guard let age = scalar.properties.age else { return false }
        return age.major <= 8
    }
}
