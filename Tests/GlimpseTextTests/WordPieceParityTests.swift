import Foundation
import GlimpseText
import TestSupport
import Testing

/// Ids compared with those of the `tokenizers` library (Fixtures/generate/wordpiece.py).
@Suite struct WordPieceParityTests {
    @Test(arguments: ["uncased", "cased", "accents-off", "accents-kept", "uncleaned", "added"])
    func idsEqualTheReference(_ configuration: String) throws {
        let directory = try TemporaryFolder()
        let path = try directory.write(try tokenizerJSON(configuration), to: "tokenizer.json")
        let tokenizer = try WordPieceTokenizer(tokenizerJSON: path, contextLength: 64)
        let cases = try Cases(contentsOf: fixtures.appending(path: "cases.json"))
        let expected = try #require(cases.ids[configuration])
        #expect(expected.count >= 160)
        for (line, ids) in zip(cases.lines, expected) {
            #expect(tokenizer.encode(line) == ids, "\(line.unicodeScalars.map { String($0.value, radix: 16) })")
        }
    }

    @Test func vocabularyFileGivesTheSameIds() throws {
        let tokenizer = try WordPieceTokenizer(
            vocabulary: fixtures.appending(path: "vocab.txt").path, contextLength: 64)
        let cases = try Cases(contentsOf: fixtures.appending(path: "cases.json"))
        for (line, ids) in zip(cases.lines, try #require(cases.ids["uncased"])) {
            #expect(tokenizer.encode(line) == ids)
        }
    }

    @Test func characterClassesEqualTheReference() throws {
        struct Classes: Decodable {
            let removed: [[UInt32]]
            let marks: [[UInt32]]
            let chinese: [[UInt32]]
            let punctuation: [[UInt32]]
        }
        let classes = try JSONDecoder().decode(
            Classes.self, from: Data(contentsOf: fixtures.appending(path: "characters.json")))
        let checks: [(name: String, ranges: [[UInt32]], predicate: (Unicode.Scalar) -> Bool)] = [
            ("removed", classes.removed, BertCharacters.isRemoved),
            ("marks", classes.marks, BertCharacters.isNonspacingMark),
            ("chinese", classes.chinese, BertCharacters.isChinese),
            ("punctuation", classes.punctuation, BertCharacters.isPunctuation),
        ]
        for check in checks {
            let members = Set(check.ranges.flatMap { Array($0[0]...$0[1]) })
            for scalar in (0...0x10FFFF).lazy.compactMap(Unicode.Scalar.init)
            where check.predicate(scalar) != members.contains(scalar.value) {
                Issue.record("\(check.name): U+\(String(scalar.value, radix: 16))")
            }
        }
    }
}
