import Foundation

/// Unicode's composed normalisation forms.
enum Composition {
    /// The text in NFC or NFKC.
    static func composed(_ text: String.UnicodeScalarView, isCompatible: Bool = false) -> String {
        // Foundation takes these Tibetan vowels for starters, as their combining class says, and leaves the marks they
        // are made of out of order. They are never composed, so they may as well be taken apart before.
        var view = text
        if text.contains(where: { tibetanVowels[$0] != nil }) {
            view = String.UnicodeScalarView()
            for scalar in text {
                if let parts = tibetanVowels[scalar] { view.append(contentsOf: parts) } else { view.append(scalar) }
            }
        }
        let string = String(view)
        // Foundation's NFKC leaves kana and the voiced marks of narrow kana apart; NFC puts them together.
        let mapped = isCompatible ? string.precomposedStringWithCompatibilityMapping : string
        return mapped.precomposedStringWithCanonicalMapping
    }

    private static let tibetanVowels: [Unicode.Scalar: [Unicode.Scalar]] = [
        "\u{F73}": ["\u{F71}", "\u{F72}"], "\u{F75}": ["\u{F71}", "\u{F74}"], "\u{F81}": ["\u{F71}", "\u{F80}"],
    ]
}
