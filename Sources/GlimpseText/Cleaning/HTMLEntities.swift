internal import GlimpseResources

/// Character references of HTML, as Python's `html.unescape` and ftfy read them.
enum HTMLEntities {
    /// Replaces every reference, those without a semicolon included, as browsers do.
    static func unescape(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        guard text.contains("&") else { return text }
        var result: [Unicode.Scalar] = []
        result.reserveCapacity(text.count)
        var position = 0
        while position < text.count {
            guard text[position] == "&" else {
                result.append(text[position])
                position += 1
                continue
            }
            if let (characters, end) = number(in: text, at: position) {
                result += characters
                position = end
                continue
            }
            var end = position + 1
            while end < text.count, end - position <= 32, !endsName(text[end]) { end += 1 }
            if end > position + 1, end < text.count, text[end] == ";" { end += 1 }
            result += named(text[(position + 1)..<end])
            position = end
        }
        return result
    }

    /// Replaces the references that end with a semicolon, names in capitals included where no other entity has them.
    static func unescapeTerminated(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        guard text.contains("&") else { return text }
        var result: [Unicode.Scalar] = []
        var position = 0
        while position < text.count {
            if text[position] == "&", let (characters, end) = terminated(in: text, at: position) {
                result += characters
                position = end
            } else {
                result.append(text[position])
                position += 1
            }
        }
        return result
    }

    private static func terminated(
        in text: [Unicode.Scalar], at position: Int
    ) -> (characters: [Unicode.Scalar], end: Int)? {
        let isNumber = position + 1 < text.count && text[position + 1] == "#"
        let start = position + (isNumber ? 2 : 1)
        var end = start
        while end < text.count, end - start <= 24, isAlphanumeric(text[end]) { end += 1 }
        guard (1...24).contains(end - start), end < text.count, text[end] == ";" else { return nil }
        if isNumber {
            guard let (characters, numberEnd) = number(in: text, at: position), numberEnd == end + 1,
                !characters.contains(";")
            else { return nil }
            return (characters, numberEnd)
        }
        let name = PythonText.string(Array(text[start...end]))
        return (table.entities[name] ?? table.capitals[name]).map { (Array($0.unicodeScalars), end + 1) }
    }

    /// The character of a numeric reference and where the reference ends.
    private static func number(
        in text: [Unicode.Scalar], at position: Int
    ) -> (characters: [Unicode.Scalar], end: Int)? {
        guard position + 2 < text.count, text[position + 1] == "#" else { return nil }
        let isHexadecimal = text[position + 2] == "x" || text[position + 2] == "X"
        let start = position + (isHexadecimal ? 3 : 2)
        var value: UInt32 = 0
        var end = start
        while end < text.count, text[end].isASCII, let digit = Character(text[end]).hexDigitValue,
            isHexadecimal || digit < 10
        {
            // Too large a number stays too large.
            value = min(value * (isHexadecimal ? 16 : 10) + UInt32(digit), 0x11_0000)
            end += 1
        }
        guard end > start else { return nil }
        if end < text.count, text[end] == ";" { end += 1 }
        return (character(value), end)
    }

    private static func character(_ value: UInt32) -> [Unicode.Scalar] {
        switch value {
        case 0: return ["\u{FFFD}"]
        case 0x0D: return ["\r"]
        case 0x80...0x9F: return [windows1252[Int(value) - 0x80]]
        case 0x01...0x08, 0x0B, 0x0E...0x1F, 0x7F, 0xFDD0...0xFDEF: return []
        default: break
        }
        guard let scalar = Unicode.Scalar(value) else { return ["\u{FFFD}"] }
        return value & 0xFFFE == 0xFFFE ? [] : [scalar]
    }

    /// What a name without its `&` stands for: the longest entity it starts with, and the rest.
    private static func named(_ name: ArraySlice<Unicode.Scalar>) -> [Unicode.Scalar] {
        var length = name.count
        while length > 1 {
            if let value = table.entities[PythonText.string(Array(name.prefix(length)))] {
                return Array(value.unicodeScalars) + name.dropFirst(length)
            }
            length -= 1
        }
        return ["&"] + name
    }

    private static func endsName(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "\t", "\n", "\u{0C}", " ", "<", "&", "#", ";": true
        default: false
        }
    }

    private static func isAlphanumeric(_ scalar: Unicode.Scalar) -> Bool {
        ("0"..."9").contains(scalar) || ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
    }

    /// What numeric references to C1 controls mean: Windows-1252, where five codes stay controls.
    static let windows1252 = Array(
        """
        \u{20AC}\u{81}\u{201A}\u{192}\u{201E}\u{2026}\u{2020}\u{2021}\u{2C6}\u{2030}\u{160}\u{2039}\u{152}\u{8D}\u{17D}\u{8F}\
        \u{90}\u{2018}\u{2019}\u{201C}\u{201D}\u{2022}\u{2013}\u{2014}\u{2DC}\u{2122}\u{161}\u{203A}\u{153}\u{9D}\u{17E}\u{178}
        """.unicodeScalars)

    /// The names of HTML 5, some without semicolon, and those in capitals that only ftfy knows, marked with `*`.
    private static let table: (entities: [String: String], capitals: [String: String]) = {
        var entities: [String: String] = [:]
        var capitals: [String: String] = [:]
        let text = String(decoding: Resources.htmlEntities, as: UTF8.self)
        for line in text.unicodeScalars.split(separator: "\n") {
            guard let tab = line.firstIndex(of: "\t") else { continue }
            let value = String(line[line.index(after: tab)...])
                .replacing("\\n", with: "\n").replacing("\\t", with: "\t")
            if line.first == "*" {
                capitals[String(line[..<tab].dropFirst())] = value
            } else {
                entities[String(line[..<tab])] = value
            }
        }
        return (entities, capitals)
    }()
}
