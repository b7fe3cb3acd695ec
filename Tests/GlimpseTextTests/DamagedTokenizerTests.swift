import Foundation
import GlimpseText
import TestSupport
import Testing

/// Damaged and hostile files end in an error that names them, never in a crash.
@Suite struct DamagedTokenizerTests {
    private let directory: TemporaryFolder

    init() throws { directory = try TemporaryFolder() }

    static let tinyBPE = """
        {"added_tokens":[{"id":1,"content":"<eos>","special":true}],"normalizer":{"type":"Replace",\
        "pattern":{"String":" "},"content":"\\u2581"},"pre_tokenizer":null,"post_processor":{"type":"TemplateProcessing",\
        "single":[{"Sequence":{"id":"A"}},{"SpecialToken":{"id":"<eos>"}}],"special_tokens":{"<eos>":{"ids":[1]}}},\
        "model":{"type":"BPE","unk_token":"<unk>","fuse_unk":true,\
        "vocab":{"<unk>":0,"<eos>":1,"a":2,"b":3,"ab":4},"merges":["a b"]}}
        """
    static let tinyUnigram = """
        {"added_tokens":[],"normalizer":{"type":"Precompiled","precompiled_charsmap":"CAAAAAAEAAAAAAAAAA=="},\
        "pre_tokenizer":{"type":"Metaspace","replacement":"\\u2581","prepend_scheme":"always"},"post_processor":null,\
        "model":{"type":"Unigram","unk_id":0,"vocab":[["<unk>",0.0],["\\u2581a",-1.5],["b",-2]]}}
        """

    @Test func tinyFilesWork() throws {
        let pair = try directory.write(Self.tinyBPE, to: "a.json")
        #expect(
            try Tokenizers.load(tokenizerJSON: pair, contextLength: 8).encode("abcc ba<eos>") == [4, 0, 3, 2, 1, 1])
        let unigram = try directory.write(Self.tinyUnigram, to: "b.json")
        #expect(try Tokenizers.load(tokenizerJSON: unigram, contextLength: 8).encode("ab bx") == [1, 2, 0, 2, 0])
    }

    @Test(arguments: [#"["\u0061","b"]"#, #""\u0061 b""#])
    func listsMayBeWrittenOtherwise(merge: String) throws {
        let text = Self.tinyBPE.replacing(#""a":2"#, with: #""\u0061" : 2 "#).replacing(#""a b""#, with: merge)
        let path = try directory.write(text, to: "tokenizer.json")
        #expect(
            try Tokenizers.load(tokenizerJSON: path, contextLength: 8).encode("abcc ba<eos>") == [4, 0, 3, 2, 1, 1])
    }

    /// What is not known is said, and not that the merges are wrong.
    @Test func aPrefixOfPiecesIsUnsupported() throws {
        let text = Self.tinyBPE.replacing(
            #""unk_token""#, with: ###""continuing_subword_prefix":"##","unk_token""###)
        let path = try directory.write(text.replacing(#""a b""#, with: ###""a ##b""###), to: "tokenizer.json")
        let error = try #require(throws: TextError.self) { try Tokenizers.load(tokenizerJSON: path, contextLength: 8) }
        #expect(error.code == .unsupported)
    }

    /// More tokens than the file's size makes one expect.
    @Test func everyTokenOfADenseVocabularyIsFound() throws {
        let ids = (0..<5000).map { "\"\(String($0, radix: 36))\":\($0 + 1)" }.joined(separator: ",")
        let path = try directory.write(
            """
            {"pre_tokenizer":{"type":"BertPreTokenizer"},"model":{"type":"WordPiece","vocab":{"[UNK]":0,\(ids)}}}
            """, to: "tokenizer.json")
        let tokenizer = try Tokenizers.load(tokenizerJSON: path, contextLength: 8)
        for number in 0..<5000 {
            #expect(tokenizer.encode(String(number, radix: 36)) == [Int32(number + 1)])
        }
        #expect(tokenizer.encode("-") == [0])
    }

    @Test(arguments: [tinyBPE, tinyUnigram])
    func truncatedFileThrows(_ text: String) throws {
        let path = directory.path("tokenizer.json")
        let data = Data(text.utf8)
        for count in data.indices {
            try data.prefix(count).write(to: URL(filePath: path))
            #expect(throws: TextError.self) { try Tokenizers.load(tokenizerJSON: path, contextLength: 8) }
        }
    }

    @Test(arguments: [
        (tinyBPE, #""a b""#, #""a c""#, TextError.Code.malformed), (tinyBPE, #""a b""#, #""a""#, .malformed),
        (tinyBPE, #""a b""#, #"["a"]"#, .malformed), (tinyBPE, #""a b""#, #"["a","b","ab"]"#, .malformed),
        (tinyBPE, #""a b""#, #"["a",1]"#, .malformed), (tinyBPE, #""a b""#, "7", .malformed),
        (tinyBPE, #"["a b"]"#, #""a b""#, .malformed), (tinyBPE, #"["a b"]"#, "null", .malformed),
        (tinyBPE, #""vocab""#, #""words""#, .malformed), (tinyBPE, #""vocab":{"#, #""vocab":7,"words":{"#, .malformed),
        (tinyBPE, #""vocab":{"#, #""vocab":[["a",0]],"words":{"#, .malformed),
        (tinyUnigram, #""vocab":["#, #""vocab":{"a":0},"words":["#, .malformed),
        (tinyUnigram, #"["b",-2]"#, #""b""#, .malformed), (tinyUnigram, #"["b",-2]"#, #"["b",-2,1]"#, .malformed),
        (tinyBPE, #""b":3"#, #""a":3"#, .malformed),
        (tinyBPE, #""b":3"#, #""b":-3"#, .malformed), (tinyBPE, #""b":3"#, #""b":"3""#, .malformed),
        (tinyBPE, #""<unk>":0,"#, "", .malformed), (tinyBPE, #""id":1,"#, #""id":-1,"#, .malformed),
        (tinyBPE, #""type":"BPE""#, #""type":"WordLevel""#, .unsupported),
        (tinyBPE, #""type":"Replace""#, #""type":"Nmt""#, .unsupported),
        (tinyBPE, #"{"String":" "}"#, #"{"Regex":"a|b"}"#, .unsupported),
        (tinyBPE, #""pre_tokenizer":null"#, #""pre_tokenizer":{"type":"ByteLevel"}"#, .unsupported),
        (tinyBPE, #""pre_tokenizer":null"#, #""pre_tokenizer":{"type":"Digits"}"#, .unsupported),
        (tinyUnigram, "-1.5", "null", .malformed), (tinyUnigram, "-1.5", "1e999", .malformed),
        (tinyUnigram, #""unk_id":0"#, #""unk_id":3"#, .malformed),
        (tinyUnigram, "CAAAAAAEAAAAAAAAAA==", "CAAAAAAE", .malformed),
        (tinyUnigram, "CAAAAAAEAAAAAAAAAA==", "////fwAEAAAAAAAAAA==", .malformed),
        (tinyUnigram, "CAAAAAAEAAAAAAAAAA==", "not Base64..", .malformed),
        (tinyUnigram, #""Unigram","#, #""Unigram","byte_fallback":true,"#, .malformed),
    ])
    func contradictionsAreNamed(_ text: String, _ old: String, _ new: String, _ code: TextError.Code) throws {
        #expect(text.contains(old))
        let path = try directory.write(text.replacing(old, with: new), to: "tokenizer.json")
        let error = try #require(throws: TextError.self) {
            try Tokenizers.load(tokenizerJSON: path, contextLength: 8)
        }
        #expect(error.code == code && error.path == path, "\(error)")
    }

    /// A trie full of wrong offsets leads nowhere, but never beyond the map.
    @Test func randomCharacterMapIsHarmless() throws {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<50 {
            var blob: [UInt8] = [0, 4, 0, 0]
            for _ in 0..<256 {
                let value = UInt32.random(in: 0...UInt32.max, using: &generator)
                blob += [UInt8(truncatingIfNeeded: value & 0x7F), UInt8(truncatingIfNeeded: value >> 8), 1, 0]
            }
            blob += Array("ab\0é文👩f".utf8)
            let text = Data(blob).base64EncodedString()
            let path = try directory.write(
                Self.tinyUnigram.replacing("CAAAAAAEAAAAAAAAAA==", with: text), to: "tokenizer.json")
            let tokenizer = try Tokenizers.load(tokenizerJSON: path, contextLength: 64)
            #expect(tokenizer.encode("a photo of é cat 中\0文 👨‍👩‍👧").allSatisfy(tokenizer.idRange.contains))
        }
    }

    /// Found by fuzzing: a replacement that began within a character made invalid UTF-8, and a word longer than its bytes.
    @Test func aReplacementWithinACharacterIsNone() throws {
        let tokenizer = try Tokenizers.load(
            tokenizerJSON: TokenizerFixtures.path("damaged-character-map.json"), contextLength: 32, cleaning: .lower)
        for text in ["a photo of a cat", "  Ünïcode — ½ ﬁ 日本語 👩‍🚀 \u{0}\u{301}"] {
            #expect(tokenizer.encode(text).allSatisfy(tokenizer.idRange.contains))
        }
    }

    @Test func damagedSentencePieceModelThrowsOrLoads() throws {
        let data = try Data(contentsOf: URL(filePath: TokenizerFixtures.path("unigram-bytes.model")))
        let path = directory.path("spiece.model")
        func load() throws -> [Int32] {
            try Tokenizers.load(folder: directory.path, contextLength: 16).encode("a photo")
        }
        try data.write(to: URL(filePath: path))
        #expect(try load().last == 2)
        // A message may end after any of its fields, so what is cut off may be a valid model without normalisation.
        for count in stride(from: 0, to: data.count, by: 41) {
            try data.prefix(count).write(to: URL(filePath: path))
            do { _ = try load() } catch let error as TextError { #expect(error.path == path) }
        }
        for index in stride(from: 0, to: data.count, by: 53) {
            var damaged = data
            damaged[index] ^= 0xFF
            try damaged.write(to: URL(filePath: path))
            do { _ = try load() } catch let error as TextError { #expect(error.path == path) }
        }
    }

    @Test func folderWithoutTokenizerIsNamed() throws {
        let error = try #require(throws: TextError.self) {
            try Tokenizers.load(folder: directory.path, contextLength: 8)
        }
        #expect(error.code == .notFound && error.path == directory.path)
    }

    @Test func contextWithoutRoomIsRefused() throws {
        let error = try #require(throws: TextError.self) { try CLIPTokenizer(contextLength: 2) }
        #expect(error.code == .invalidArgument)
    }
}
