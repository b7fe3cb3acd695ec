/// The repairs of ftfy 6.3's `fix_text` but one: text decoded with a wrong encoding ("schÃ¶n") stays as it is.
///
/// Characters of HTML are unescaped, C1 controls read as Windows-1252, Latin ligatures taken apart, wide and narrow
/// forms made normal, quotes straightened, line breaks unified, terminal escapes and controls removed, and the result
/// composed (NFC); line by line, and again until nothing changes.
enum TextRepair {
    /// The repaired text.
    static func repair(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        result.reserveCapacity(text.count)
        // The first `<` means HTML on purpose: from its line on nothing is unescaped.
        var unescapes = true
        var start = 0
        while start < text.count {
            let end = text[start...].firstIndex(of: "\n").map { $0 + 1 } ?? text.count
            var line = Array(text[start..<end])
            start = end
            if line.contains("<") { unescapes = false }
            while !line.allSatisfy({ isSound($0, unescapes: unescapes) }) {
                let repaired = repairOnce(line, unescapes: unescapes)
                if repaired == line { break }
                line = repaired
            }
            result += line
        }
        return result
    }

    /// Whether nothing is done to the character, whatever stands beside it.
    private static func isSound(_ scalar: Unicode.Scalar, unescapes: Bool) -> Bool {
        scalar == "\n" || (" "..."~").contains(scalar) && !(unescapes && scalar == "&")
    }

    private static func repairOnce(_ line: [Unicode.Scalar], unescapes: Bool) -> [Unicode.Scalar] {
        let unescaped = unescapes ? HTMLEntities.unescapeTerminated(line) : line
        var mapped: [Unicode.Scalar] = []
        mapped.reserveCapacity(unescaped.count)
        for scalar in unescaped { map(scalar, into: &mapped) }
        let text = withoutTerminalEscapes(mapped).filter { !isRemoved($0) }
        guard text.contains(where: { !$0.isASCII }) else { return text }
        return Array(Composition.composed(PythonText.string(text).unicodeScalars).unicodeScalars)
    }

    private static func map(_ scalar: Unicode.Scalar, into result: inout [Unicode.Scalar]) {
        switch scalar.value {
        case 0x0A where result.last == "\r":
            result[result.count - 1] = "\n"
        case ..<0x80: result.append(scalar)
        case 0x80...0x9F:
            let meant = HTMLEntities.windows1252[Int(scalar.value) - 0x80]
            if meant == scalar { result.append(scalar) } else { map(meant, into: &result) }
        case 0x2BC, 0x2018...0x201B: result.append("'")
        case 0x201C...0x201F: result.append("\"")
        case 0x2028, 0x2029: result.append("\n")
        case 0x3000: result.append(" ")
        case 0xFF01...0xFFEF:
            let form = Composition.composed(String(scalar).unicodeScalars, isCompatible: true)
            result += Array(form.unicodeScalars)
        default:
            if let letters = ligatures[scalar] {
                result += Array(letters.unicodeScalars)
            } else {
                result.append(scalar)
            }
        }
    }

    /// Removes escapes such as `ESC [ 36;44 m`, and turns the carriage returns that are left into line breaks.
    private static func withoutTerminalEscapes(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        result.reserveCapacity(text.count)
        var position = 0
        while position < text.count {
            if text[position] == "\u{1B}", position + 1 < text.count, text[position + 1] == "[" {
                var end = position + 2
                while end < text.count, text[end] == ";" || text[end].properties.generalCategory == .decimalNumber {
                    end += 1
                }
                if end < text.count, ("a"..."z").contains(text[end]) || ("A"..."Z").contains(text[end]) {
                    position = end + 1
                    continue
                }
            }
            result.append(text[position] == "\r" ? "\n" : text[position])
            position += 1
        }
        return result
    }

    private static func isRemoved(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x00...0x08, 0x0B, 0x0E...0x1F, 0x7F, 0x206A...0x206F, 0xFEFF, 0xFFF9...0xFFFC: true
        default: false
        }
    }

    private static let ligatures: [Unicode.Scalar: String] = [
        "\u{132}": "IJ", "\u{133}": "ij", "\u{149}": "'n", "\u{1F1}": "DZ", "\u{1F2}": "Dz", "\u{1F3}": "dz",
        "\u{1C4}": "D\u{17D}", "\u{1C5}": "D\u{17E}", "\u{1C6}": "d\u{17E}", "\u{1C7}": "LJ", "\u{1C8}": "Lj",
        "\u{1C9}": "lj", "\u{1CA}": "NJ", "\u{1CB}": "Nj", "\u{1CC}": "nj", "\u{FB00}": "ff", "\u{FB01}": "fi",
        "\u{FB02}": "fl", "\u{FB03}": "ffi", "\u{FB04}": "ffl", "\u{FB05}": "\u{17F}t", "\u{FB06}": "st",
    ]
}
