import GlimpseTasks
import Testing

/// How a query on a command line is read.
struct QueryTests {
    /// A query, the files that exist, and what it means.
    struct Case: Sendable, CustomTestStringConvertible {
        let arguments: [String]
        var files: Set<String> = []
        var terms: [QueryTerm] = []
        var alternatives: [[QueryTerm]] = []
        var testDescription: String { arguments.joined(separator: " ") }
    }

    private static func text(_ text: String, _ weight: Float = 1) -> QueryTerm {
        QueryTerm(.text(text), weight: weight)
    }
    private static let standardInput = QueryTerm(.standardInput)
    private static func picture(_ path: String, _ weight: Float = 1) -> QueryTerm {
        QueryTerm(.picture(path), weight: weight)
    }

    @Test(arguments: [
        Case(arguments: ["a cat"], terms: [text("a cat")]),
        Case(arguments: ["a", "black", "cat"], terms: [text("a black cat")]),
        Case(arguments: ["sunset", "-", "people"], terms: [text("sunset"), text("people", -1)]),
        Case(
            arguments: ["2:sunset", "+", "./pool.jpg", "-", "0.5:some", "people"],
            terms: [text("sunset", 2), picture("./pool.jpg"), text("some people", -0.5)]),
        Case(arguments: ["-", "people"], terms: [text("people", -1)]),
        Case(arguments: ["+", "people"], terms: [text("people")]),
        Case(arguments: ["-", "-2:rain"], terms: [text("rain", 2)]),
        Case(arguments: ["-1.5: heavy rain"], terms: [text("heavy rain", -1.5)]),
        Case(arguments: ["0:rain"], terms: [text("rain", 0)]),
        Case(arguments: ["re: holiday"], terms: [text("re: holiday")]),
        Case(arguments: ["3: 4:00 at night"], terms: [text("4:00 at night", 3)]),
        Case(arguments: ["C++", "-", "A-Z"], terms: [text("C++"), text("A-Z", -1)]),
        Case(arguments: ["photo.jpg"], terms: [picture("photo.jpg")]),
        Case(arguments: ["photo.jpg"], files: ["photo.jpg"], terms: [picture("photo.jpg")]),
        Case(arguments: ["no/extension"], files: ["no/extension"], terms: [picture("no/extension")]),
        Case(arguments: ["black/white"], terms: [text("black/white")]),
        Case(arguments: ["gone/photo.JPG"], terms: [picture("gone/photo.JPG")]),
        Case(arguments: ["2:00.png"], files: ["2:00.png"], terms: [picture("2:00.png")]),
        Case(arguments: ["2:00.png"], terms: [picture("00.png", 2)]),
        Case(arguments: ["3:2:00.png"], files: ["2:00.png"], terms: [picture("2:00.png", 3)]),
        Case(arguments: ["my", "cat.png"], files: ["my cat.png"], terms: [picture("my cat.png")]),
        Case(arguments: ["sunset", "NOT", "people"], terms: [text("sunset"), text("people", -1)]),
        Case(arguments: ["sunset NOT people"], terms: [text("sunset"), text("people", -1)]),
        Case(arguments: ["a knot, not a bow"], terms: [text("a knot, not a bow")]),
        Case(arguments: ["this NOT that.png"], files: ["this NOT that.png"], terms: [picture("this NOT that.png")]),
        Case(arguments: ["a cat", "OR", "a dog"], alternatives: [[text("a cat")], [text("a dog")]]),
        Case(
            arguments: ["a cat + grass OR a dog", "-", "water"],
            alternatives: [[text("a cat + grass")], [text("a dog"), text("water", -1)]]),
        Case(arguments: ["-"], terms: [standardInput]),
        Case(arguments: ["-", "+", "a hat"], terms: [standardInput, text("a hat")]),
        Case(arguments: ["a hat", "+", "-"], terms: [text("a hat"), standardInput]),
        Case(arguments: ["a hat", "-", "-"], terms: [text("a hat"), QueryTerm(.standardInput, weight: -1)]),
        Case(arguments: ["-", "OR", "-"], alternatives: [[standardInput], [standardInput]]),
    ])
    func means(_ example: Case) throws {
        let expected = example.alternatives.isEmpty ? [example.terms] : example.alternatives
        #expect(try Query.parse(example.arguments, fileExists: example.files.contains).alternatives == expected)
    }

    @Test(arguments: [
        ([], "the query is empty"),
        ([""], "the query is empty"),
        (["  ", ""], "the query is empty"),
        (["+"], "nothing follows \"+\""),
        (["cat", "-"], "nothing follows \"-\""),
        (["cat", "+", "-", "dog"], "nothing follows \"+\""),
        (["cat", "OR"], "nothing stands before or after OR"),
        (["OR"], "nothing stands before or after OR"),
        (["NOT"], "nothing follows"),
        (["2:"], "nothing follows the weight in \"2:\""),
        (["cat", "+", "2: "], "nothing follows the weight"),
        (["nan:cat"], "the weight of \"nan:cat\" is not a finite number"),
        (["inf:cat"], "the weight of \"inf:cat\" is not a finite number"),
        (["-infinity:cat"], "is not a finite number"),
        (["1e99:cat"], "the weight of \"1e99:cat\" is not a finite number"),
    ])
    func refuses(arguments: [String], expected: String) {
        let message = message { try Query.parse(arguments) { _ in false } }
        #expect(message.contains(expected), "\(message)")
    }

    @Test func wordsAreNeverFiles() throws {
        let query = try Query.parse(words: "  2:cat.jpg + /etc/passwd   OR a  dog - people")
        #expect(
            query.alternatives == [
                [Self.text("cat.jpg", 2), Self.text("/etc/passwd")], [Self.text("a dog"), Self.text("people", -1)],
            ])
        #expect(message { try Query.parse(words: "cat + -") }.contains("words are expected"))
        #expect(message { try Query.parse(words: "   ") }.contains("empty"))
    }
}
