internal import Foundation

/// A piece of a query: a text or a picture, and how much it counts.
public struct QueryTerm: Hashable, Sendable {
    /// What a term names.
    public enum Content: Hashable, Sendable {
        /// A description.
        case text(String)
        /// A picture's path.
        case picture(String)
        /// The picture on standard input.
        case standardInput

        init(_ input: EmbeddingInput) {
            switch input {
            case .text(let text): self = .text(text)
            case .picture(let path): self = .picture(path)
            }
        }
    }

    /// What is looked for.
    public let content: Content
    /// How much it counts; negative to move away from it.
    public let weight: Float

    /// Pairs what is looked for with its weight.
    public init(_ content: Content, weight: Float = 1) {
        self.content = content
        self.weight = weight
    }

    /// Reads a sum of terms; see `Query.parse`.
    static func parse(_ arguments: [String], fileExists: (String) -> Bool) throws -> [QueryTerm] {
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
        func isSign(_ index: Int) -> Bool { ["+", "-", "NOT"].contains(arguments[index]) }
        for (index, argument) in arguments.enumerated() {
            let isTermExpected = index == 0 || isSign(index - 1)
            let isTermOver = index + 1 == arguments.count || isSign(index + 1)
            if argument == "-", isTermExpected, isTermOver, words.isEmpty {
                terms.append(QueryTerm(.standardInput, weight: sign))
                signText = nil
            } else if isSign(index) {
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
        return QueryTerm(.init(EmbeddingInput(content, fileExists: fileExists)), weight: sign * weight)
    }
}
