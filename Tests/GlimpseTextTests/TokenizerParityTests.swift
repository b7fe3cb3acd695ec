import Foundation
import GlimpseText
import TestSupport
import Testing

/// Ids of 3,000 lines compared with those of the reference libraries.
@Suite struct TokenizerParityTests {
    @Test(arguments: [TextCleaning.lower, .whitespace, .canonicalize])
    func builtInCLIPEqualsOpenCLIP(_ cleaning: TextCleaning) throws {
        let tokenizer = try CLIPTokenizer(cleaning: cleaning)
        try TokenizerFixtures.expectParity(of: tokenizer, cleaning.rawValue, isPacked: cleaning == .lower)
        #expect(tokenizer.idRange == 0...49407)
    }

    @Test(arguments: [false, true])
    func clipFileEqualsTransformers(_ mergesAsPairs: Bool) throws {
        let directory = try TemporaryFolder()
        let settings = try String(contentsOfFile: TokenizerFixtures.path("clip.json"), encoding: .utf8)
        let text = try TokenizerFixtures.Vocabulary().tokenizerJSON(settings: settings, mergesAsPairs: mergesAsPairs)
        let path = try directory.write(text, to: "tokenizer.json")
        let tokenizer = try Tokenizers.load(folder: directory.path, contextLength: 77)
        #expect(tokenizer is CLIPTokenizer)
        try TokenizerFixtures.expectParity(of: tokenizer, "clip", isPacked: true)
        let older = text.replacing(#"<\\|startoftext\\|>|<\\|endoftext\\|>|"#, with: "").replacing(
            #""id":49406,"content":"<|startoftext|>","single_word":false,"lstrip":false,"rstrip":false,"normalized":false"#,
            with:
                #""id":49406,"content":"<|startoftext|>","single_word":false,"lstrip":false,"rstrip":false,"normalized":true"#
        )
        try Data(older.utf8).write(to: URL(filePath: path))
        try TokenizerFixtures.expectParity(of: try CLIPTokenizer(tokenizerJSON: path), "clip-older")
    }

    @Test func vocabularyAndMergesEqualTransformers() throws {
        let directory = try TemporaryFolder()
        let vocabulary = try TokenizerFixtures.Vocabulary()
        _ = try directory.write(vocabulary.vocabularyJSON, to: "vocab.json")
        let merges = vocabulary.merges.map { "\($0) \($1)" }.joined(separator: "\n")
        _ = try directory.write("#version: 0.2\n\(merges)\n", to: "merges.txt")
        let tokenizer = try Tokenizers.load(folder: directory.path, contextLength: 77)
        try TokenizerFixtures.expectParity(of: tokenizer, "clip", isPacked: true)
    }

    @Test(arguments: ["siglip", "xlmr", "nfkc"])
    func unigramFileEqualsTokenizers(_ configuration: String) throws {
        let path = TokenizerFixtures.path("\(configuration).json")
        let tokenizer = try Tokenizers.load(tokenizerJSON: path, contextLength: 64)
        #expect(tokenizer is UnigramTokenizer)
        try TokenizerFixtures.expectParity(of: tokenizer, configuration)
    }

    @Test(arguments: [
        ("unigram.model", SentencePieceLayout.t5, TextCleaning.none, "t5"),
        ("unigram.model", .t5, .unpunctuated, "t5-unpunctuated"),
        ("unigram.model", .fairseq, .none, "fairseq"),
        ("unigram-bytes.model", .t5, .none, "t5-bytes"),
    ])
    func sentencePieceModelEqualsSentencePiece(
        _ file: String, _ layout: SentencePieceLayout, _ cleaning: TextCleaning, _ configuration: String
    ) throws {
        let tokenizer = try UnigramTokenizer(
            sentencePiece: TokenizerFixtures.path(file), layout: layout, contextLength: 64, cleaning: cleaning)
        try TokenizerFixtures.expectParity(of: tokenizer, configuration)
    }

    @Test(arguments: [(TextCleaning.none, "gemma"), (.lowercase, "gemma-lowercase")])
    func gemmaEqualsTokenizers(_ cleaning: TextCleaning, _ configuration: String) throws {
        let path = TokenizerFixtures.path("gemma.json")
        let tokenizer = try Tokenizers.load(tokenizerJSON: path, contextLength: 64, cleaning: cleaning)
        #expect(tokenizer is BytePairTokenizer)
        try TokenizerFixtures.expectParity(of: tokenizer, configuration)
        let other = try BytePairTokenizer(
            tokenizerJSON: path, contextLength: 64, cleaning: cleaning, template: TextTemplate(end: ["<eos>"]))
        #expect(other.encode("A photo") == tokenizer.encode("A photo"))
    }

    /// Every character alone, as the class the two regular expression libraries give it.
    @Test func classesOfCharactersEqualTheLibraries() throws {
        let ranges = try JSONDecoder().decode(
            [String: [UInt32]].self, from: Data(contentsOf: TokenizerFixtures.folder.appending(path: "classes.json")))
        func members(_ name: String) throws -> Set<UInt32> {
            var edges = try #require(ranges[name])
            for index in edges.indices.dropFirst() { edges[index] += edges[index - 1] }
            return stride(from: 0, to: edges.count, by: 2).reduce(into: []) {
                $0.formUnion(edges[$1]..<edges[$1 + 1])
            }
        }
        for (library, words) in [("regex", CLIPWords.openCLIP), ("tokenizers", CLIPWords.tokenizersLibrary)] {
            let letters = try members("\(library)-letters")
            let numbers = try members("\(library)-numbers")
            let spaces = try members("\(library)-spaces")
            for scalar in (0...0x10FFFF).lazy.compactMap(Unicode.Scalar.init) {
                // Without case it is found nowhere.
                if library == "regex", scalar == "\u{345}" { continue }
                // Of characters newer than the reference's Python nothing is known.
                if library == "regex", (scalar.properties.age?.major ?? 99) > 14 { continue }
                var found = 0
                var text = "a\(scalar)\(scalar)a"
                _ = text.withUTF8 {
                    words.split($0) { _ in
                        found += 1; return true
                    }
                }
                // One word of four letters; two words around spaces; four with numbers; three with a mark.
                let value = scalar.value
                let expected =
                    letters.contains(value) ? 1 : numbers.contains(value) ? 4 : spaces.contains(value) ? 2 : 3
                if found != expected { Issue.record("\(library): U+\(String(value, radix: 16)) \(found)") }
            }
        }
    }
}
