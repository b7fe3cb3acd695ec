/// What is looked for: sums of texts and pictures, any one of which a picture may fit.
public struct Query: Hashable, Sendable {
    /// The sums; a picture counts by the one it fits best.
    public let alternatives: [[QueryTerm]]

    /// Takes sums of terms; there is at least one, and none is empty.
    ///
    /// - Throws: `TaskError` for a query without terms.
    public init(_ alternatives: [[QueryTerm]]) throws {
        guard !alternatives.isEmpty, alternatives.allSatisfy({ !$0.isEmpty }) else {
            throw TaskError(.invalidInput, "the query is empty", remedy: "for example: glimpse search \"a cat\"")
        }
        self.alternatives = alternatives
    }

    /// All terms of all sums.
    public var terms: [QueryTerm] { alternatives.flatMap { $0 } }

    /// Reads a query as it stands on a command line: terms with `+` or `-` between them, each with an optional weight (`2:sunset`), and `OR`
    /// between sums. `NOT` is another word for `-`. A `-` where a term is expected is the picture on standard input.
    ///
    /// Words that stand beside each other without a sign are one description. What is a picture, `QueryTerm.Content` says.
    ///
    /// - Parameters:
    ///   - arguments: the words of the command line; `OR` and `NOT` may also stand inside one.
    ///   - fileExists: whether a path names a file.
    /// - Throws: `TaskError` for an empty query, a sign with nothing after it, or a weight that is no number.
    public static func parse(_ arguments: [String], fileExists: (String) -> Bool) throws -> Query {
        let words = arguments.flatMap { fileExists($0) ? [$0] : Self.split($0) }
        var alternatives: [[String]] = [[]]
        for word in words {
            if word == "OR" {
                alternatives.append([])
            } else {
                alternatives[alternatives.count - 1].append(word)
            }
        }
        guard alternatives.count == 1 || alternatives.allSatisfy({ !$0.isEmpty }) else {
            throw TaskError(
                .invalidInput, "nothing stands before or after OR",
                remedy: "for example: glimpse search \"a cat\" OR \"a dog\"")
        }
        return try Query(alternatives.map { try QueryTerm.parse($0, fileExists: fileExists) })
    }

    /// Reads a query as somebody writes it who is not at this machine: words only, whatever files there are.
    ///
    /// - Throws: `TaskError` as `parse`, and for a `-` where words are expected.
    public static func parse(words text: String) throws -> Query {
        let query = try parse(text.split(whereSeparator: \.isWhitespace).map(String.init)) { _ in false }
        return try Query(
            query.alternatives.map { terms in
                try terms.map { term in
                    switch term.content {
                    case .text: return term
                    // What ends as a picture's name does is a word, too.
                    case .picture(let word): return QueryTerm(.text(word), weight: term.weight)
                    case .standardInput:
                        throw TaskError(.invalidInput, "a - where words are expected")
                    }
                }
            })
    }

    /// An argument at the words OR and NOT in capitals.
    private static func split(_ argument: String) -> [String] {
        var pieces: [String] = []
        var words: [Substring] = []
        func finish() {
            if !words.isEmpty { pieces.append(words.joined(separator: " ")) }
            words = []
        }
        for word in argument.split(separator: " ", omittingEmptySubsequences: false) {
            if word == "OR" || word == "NOT" {
                finish()
                pieces.append(String(word))
            } else {
                words.append(word)
            }
        }
        finish()
        return pieces.isEmpty ? [argument] : pieces
    }
}
