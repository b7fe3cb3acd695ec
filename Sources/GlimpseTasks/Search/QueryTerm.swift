internal import Foundation

/// A piece of a query: a text or a picture, and how much it counts.
public struct QueryTerm: Hashable, Sendable {
    /// What is looked for.
    public let content: EmbeddingInput
    /// How much it counts; negative to move away from it.
    public let weight: Float

    /// Pairs what is looked for with its weight.
    public init(_ content: EmbeddingInput, weight: Float = 1) {
        self.content = content
        self.weight = weight
    }

    /// Reads a query as it stands on a command line: terms with `+` or `-` between them, each with an optional weight: `2:sunset`.
    ///
    /// Words that stand beside each other without a sign are one description. What is a picture, `EmbeddingInput` says.
    ///
    /// - Parameters:
    ///   - arguments: the words of the command line.
    ///   - fileExists: whether a path names a file.
    /// - Throws: `TaskError` for an empty query, a sign with nothing after it, or a weight that is no number.
    public static func parse(_ arguments: [String], fileExists: (String) -> Bool) throws -> [QueryTerm] {
        var terms: [QueryTerm] = []
        var words: [String] = []
        var sign: Float = 1
        var signText: String?

        func finishTerm() throws {
            let text = words.joined(separator: " ").trimmingCharacters(in: .whitespaces)
            guard !text.isEmpty else {
                guard let signText else { return }
                throw TaskError(
                    .invalidInput, "nothing follows \"\(signText)\" in the query",
                    remedy: "for example: glimpse search \"2:sunset\" + ./pool.jpg - people")
            }
            terms.append(try term(text, sign: sign, fileExists: fileExists))
            words = []
        }
        for argument in arguments {
            if argument == "+" || argument == "-" {
                try finishTerm()
                sign = argument == "+" ? 1 : -1
                signText = argument
            } else {
                words.append(argument)
            }
        }
        try finishTerm()
        guard !terms.isEmpty else {
            throw TaskError(.invalidInput, "the query is empty", remedy: "for example: glimpse search \"a cat\"")
        }
        return terms
    }

    private static func term(_ text: String, sign: Float, fileExists: (String) -> Bool) throws -> QueryTerm {
        // A file may have a colon in its name: what exists is a picture as it stands.
        if fileExists(text) { return QueryTerm(.picture(text), weight: sign) }
        var weight: Float = 1
        var rest = Substring(text)
        if let colon = text.firstIndex(of: ":"), let number = Float(text[..<colon]) {
            guard number.isFinite else {
                throw TaskError(.invalidInput, "the weight of \"\(text)\" is not a finite number")
            }
            weight = number
            rest = text[text.index(after: colon)...].drop(while: \.isWhitespace)
        }
        let content = String(rest)
        guard !content.isEmpty else {
            throw TaskError(.invalidInput, "nothing follows the weight in \"\(text)\"")
        }
        return QueryTerm(EmbeddingInput(content, fileExists: fileExists), weight: sign * weight)
    }
}
