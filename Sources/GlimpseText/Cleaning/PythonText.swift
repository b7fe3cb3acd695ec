/// Python's notions of white space and case, which the reference implementations clean text with.
enum PythonText {
    /// `str.isspace`: Unicode's white space and four separators of ASCII.
    static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return (0x09...0x0D).contains(scalar.value) || (0x1C...0x20).contains(scalar.value) }
        return scalar.properties.isWhitespace
    }

    /// `" ".join(text.split())`: no white space at the ends, one space for each run of it.
    static func singleSpaced(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        result.reserveCapacity(text.count)
        var spaceWaits = false
        for scalar in text {
            if isSpace(scalar) {
                spaceWaits = !result.isEmpty
            } else {
                if spaceWaits { result.append(" ") }
                spaceWaits = false
                result.append(scalar)
            }
        }
        return result
    }

    /// `str.lower`: full case mappings, and the sigma at the end of a word is a final one.
    static func lowercased(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        result.reserveCapacity(text.count)
        // Whether the last character that is not case-ignorable has case.
        var followsCased = false
        for (index, scalar) in text.enumerated() {
            if scalar.isASCII {
                result.append(("A"..."Z").contains(scalar) ? Unicode.Scalar(UInt8(scalar.value) | 0x20) : scalar)
            } else if scalar == "\u{3A3}" {
                result.append(followsCased && !precedesCased(text[(index + 1)...]) ? "\u{3C2}" : "\u{3C3}")
            } else {
                result.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
            }
            if !scalar.properties.isCaseIgnorable { followsCased = scalar.properties.isCased }
        }
        return result
    }

    private static func precedesCased(_ text: ArraySlice<Unicode.Scalar>) -> Bool {
        text.first { !$0.properties.isCaseIgnorable }?.properties.isCased ?? false
    }

    /// The scalars as a string.
    static func string(_ scalars: [Unicode.Scalar]) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }
}
