import Foundation
import GlimpseText
import TestSupport
import Testing

@Suite struct WordPieceTokenizerTests {
    private let directory: TemporaryFolder

    init() throws { directory = try TemporaryFolder() }

    private func tokenizer(contextLength: Int = 16) throws -> WordPieceTokenizer {
        let path = try directory.write(
            "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nun\n##aff\n##able\na\ncat\n,\n", to: "vocab.txt")
        return try WordPieceTokenizer(vocabulary: path, contextLength: contextLength)
    }

    @Test func longestPiecesFirst() throws {
        #expect(try tokenizer().encode("UNaffable cat, dog") == [2, 5, 6, 7, 9, 10, 1, 3])
    }

    @Test func wordThatCannotBeFinishedIsUnknownAsAWhole() throws {
        #expect(try tokenizer().encode("unaffxyz") == [2, 1, 3])
    }

    @Test func emptyTextIsStartAndEnd() throws {
        #expect(try tokenizer().encode("") == [2, 3])
        #expect(try tokenizer().encode(" \n\u{200B}") == [2, 3])
    }

    @Test func longTextKeepsItsEndToken() throws {
        let ids = try tokenizer(contextLength: 6).encode(String(repeating: "a cat ", count: 100))
        #expect(ids == [2, 8, 9, 8, 9, 3])
        #expect(try tokenizer(contextLength: 4).encode("unaffable") == [2, 5, 6, 3])
    }

    @Test func specialTokensInTheTextAreThemselves() throws {
        #expect(try tokenizer().encode("a[MASK]cat [mask]") == [2, 8, 4, 9, 1, 1, 1, 3])
    }

    @Test func contextWithoutRoomIsRefused() throws {
        let error = try #require(throws: TextError.self) { try tokenizer(contextLength: 2) }
        #expect(error.code == .invalidArgument)
    }

    @Test func vocabularyWithoutSpecialTokensIsRefused() throws {
        let path = try directory.write("a\nb\n", to: "plain.txt")
        let error = try #require(throws: TextError.self) { try WordPieceTokenizer(vocabulary: path, contextLength: 8) }
        #expect(error.code == .malformed)
        #expect(error.description.contains("[CLS]"))
    }

    @Test func missingFileIsNamed() throws {
        let path = directory.path("absent.json")
        let error = try #require(throws: TextError.self) {
            try WordPieceTokenizer(tokenizerJSON: path, contextLength: 8)
        }
        #expect(error.code == .inputOutput)
        #expect(error.path == path)
    }

    @Test(arguments: [
        (#""type":"WordPiece""#, #""type":"BPE""#, TextError.Code.unsupported),
        (#""type":"BertNormalizer""#, #""type":"NFC""#, .unsupported),
        (#""type":"BertPreTokenizer""#, #""type":"Whitespace""#, .unsupported),
        (#""type":"TemplateProcessing""#, #""type":"ByteLevel""#, .unsupported),
        (#""unk_token":"[UNK]""#, #""unk_token":"<absent>""#, .malformed),
        (#""[MASK]":4"#, #""[MASK]":-4"#, .malformed),
        (#""[MASK]":4"#, #""[MASK]":99999999999"#, .malformed),
        (#""[MASK]":4"#, #""[PAD]":4"#, .malformed),
        (#"{"Sequence":{"id":"A","type_id":0}},"#, "", .malformed),
    ])
    func otherTokenizersAreRefused(_ old: String, _ new: String, _ code: TextError.Code) throws {
        let text = try tokenizerJSON("uncased")
        #expect(text.contains(old))
        let path = try directory.write(text.replacing(old, with: new), to: "tokenizer.json")
        let error = try #require(throws: TextError.self) {
            try WordPieceTokenizer(tokenizerJSON: path, contextLength: 8)
        }
        #expect(error.code == code, "\(error)")
    }

    @Test func truncatedFileThrows() throws {
        let text = Data(
            """
            {"added_tokens":[{"id":0,"content":"[UNK]"}],"normalizer":null,"pre_tokenizer":{"type":"BertPreTokenizer"},\
            "post_processor":null,"model":{"type":"WordPiece","vocab":{"[UNK]":0,"\\u00e9":1}}}
            """.utf8)
        let path = directory.path("tokenizer.json")
        for count in 0..<text.count {
            try text.prefix(count).write(to: URL(filePath: path))
            #expect(throws: TextError.self) { try WordPieceTokenizer(tokenizerJSON: path, contextLength: 8) }
        }
        try text.write(to: URL(filePath: path))
        #expect(try WordPieceTokenizer(tokenizerJSON: path, contextLength: 8).encode("é e") == [1, 0])
    }
}
