import Foundation

/// A header such as `form-data; name="image"; filename="cat.jpg"`: a value, and parameters.
package struct HeaderValue: Hashable, Sendable {
    /// What comes before the first semicolon, in lower case.
    package let value: String
    /// The parameters; of one that comes twice, the first.
    package let parameters: [String: String]

    /// Reads a header; what makes no sense in it is left out.
    package init(_ text: String) {
        var pieces = Self.pieces(of: text)[...]
        value = pieces.popFirst()?.trimmingCharacters(in: .whitespaces).lowercased() ?? ""
        var parameters: [String: String] = [:]
        for piece in pieces {
            guard let equals = piece.firstIndex(of: "=") else { continue }
            let name = piece[..<equals].trimmingCharacters(in: .whitespaces).lowercased()
            let text = piece[piece.index(after: equals)...].trimmingCharacters(in: .whitespaces)
            if parameters[name] == nil { parameters[name] = Self.unquoted(text) }
        }
        self.parameters = parameters
    }

    /// What is between semicolons that are not within quotes.
    private static func pieces(of text: String) -> [String] {
        var pieces = [""]
        var isQuoted = false
        var isEscaped = false
        for character in text {
            if character == "\"", !isEscaped { isQuoted.toggle() }
            isEscaped = character == "\\" && isQuoted && !isEscaped
            if character == ";", !isQuoted {
                pieces.append("")
            } else {
                pieces[pieces.count - 1].append(character)
            }
        }
        return pieces
    }

    private static func unquoted(_ text: String) -> String {
        guard text.count >= 2, text.hasPrefix("\""), text.hasSuffix("\"") else { return text }
        var result = ""
        var isEscaped = false
        for character in text.dropFirst().dropLast() {
            // Browsers write a quote as %22 or with a backslash, and nothing else is escaped.
            if character == "\\", !isEscaped {
                isEscaped = true
            } else {
                if isEscaped, character != "\"", character != "\\" { result.append("\\") }
                result.append(character)
                isEscaped = false
            }
        }
        return result
    }
}
