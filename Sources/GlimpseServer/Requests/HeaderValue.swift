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
            guard let equals = piece.unicodeScalars.firstIndex(of: "=") else { continue }
            let name = piece[..<equals].trimmingCharacters(in: .whitespaces).lowercased()
            let text = piece[piece.unicodeScalars.index(after: equals)...].trimmingCharacters(in: .whitespaces)
            if parameters[name] == nil { parameters[name] = Self.unquoted(text) }
        }
        self.parameters = parameters
    }

    /// What is between semicolons that are not within quotes.
    ///
    /// By scalars: a mark after a quote is a letter of its own here, though it is drawn upon the quote.
    private static func pieces(of text: String) -> [String] {
        var pieces: [String.UnicodeScalarView] = [.init()]
        var isQuoted = false
        var isEscaped = false
        for scalar in text.unicodeScalars {
            if scalar == "\"", !isEscaped { isQuoted.toggle() }
            isEscaped = scalar == "\\" && isQuoted && !isEscaped
            if scalar == ";", !isQuoted {
                pieces.append(.init())
            } else {
                pieces[pieces.count - 1].append(scalar)
            }
        }
        return pieces.map { String($0) }
    }

    private static func unquoted(_ text: String) -> String {
        let scalars = text.unicodeScalars
        guard scalars.count >= 2, scalars.first == "\"", scalars.last == "\"" else { return text }
        var result = String.UnicodeScalarView()
        var isEscaped = false
        for scalar in scalars.dropFirst().dropLast() {
            // Browsers write a quote as %22 or with a backslash, and nothing else is escaped.
            if scalar == "\\", !isEscaped {
                isEscaped = true
            } else {
                if isEscaped, scalar != "\"", scalar != "\\" { result.append("\\") }
                result.append(scalar)
                isEscaped = false
            }
        }
        return String(result)
    }
}
