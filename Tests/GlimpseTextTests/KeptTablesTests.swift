import Foundation
import GlimpseText
import TestSupport
import Testing

/// The tables of a tokenizer come back as they were, and are made again when anything is wrong with what was kept.
@Suite struct KeptTablesTests {
    private let directory: TemporaryFolder

    init() throws { directory = try TemporaryFolder() }

    private var keptPath: String { directory.path("kept") }

    private func kept(of model: String = "a") -> KeptTables {
        KeptTables(path: keptPath, metadata: ["fingerprint": model], noteUse: {}) { _, write in
            #expect(throws: Never.self) { try write() }
        }
    }

    private func load(_ kept: KeptTables?, contextLength: Int = 64) throws -> any Tokenizer {
        try Tokenizers.load(folder: directory.path, contextLength: contextLength, cleaning: .none, kept: kept)
    }

    private func write(_ fixture: String) throws {
        let text = try String(contentsOfFile: TokenizerFixtures.path("\(fixture).json"), encoding: .utf8)
        let whole =
            fixture == "clip"
            ? try TokenizerFixtures.Vocabulary().tokenizerJSON(settings: text, mergesAsPairs: false) : text
        _ = try directory.write(whole, to: "tokenizer.json")
    }

    @Test(arguments: [("clip", 77), ("siglip", 64), ("xlmr", 64), ("nfkc", 64), ("gemma", 64)])
    func everyKindComesBackAsItWas(fixture: String, contextLength: Int) throws {
        try write(fixture)
        let first = try load(kept(), contextLength: contextLength)
        // Nothing but what was kept is left.
        _ = try directory.write("", to: "tokenizer.json")
        let second = try load(kept(), contextLength: contextLength)
        try TokenizerFixtures.expectParity(of: second, fixture, isPacked: fixture == "clip")
        #expect(second.idRange == first.idRange)
    }

    @Test func aWordPieceTokenizerComesBackAsItWas() throws {
        let cases = try Cases(contentsOf: fixtures.appending(path: "cases.json"))
        let configuration = try #require(cases.ids.keys.sorted().first)
        _ = try directory.write(try tokenizerJSON(configuration), to: "tokenizer.json")
        let first = try load(kept())
        _ = try directory.write("", to: "tokenizer.json")
        let second = try load(kept())
        for line in cases.lines { #expect(second.encode(line) == first.encode(line)) }
    }

    /// What is kept is read, and not the file it was made of.
    @Test func whatIsKeptIsUsed() throws {
        _ = try directory.write(DamagedTokenizerTests.tinyBPE, to: "tokenizer.json")
        let first = try load(kept())
        _ = try directory.write("{}", to: "tokenizer.json")
        #expect(try load(kept()).encode("abcc ba<eos>") == first.encode("abcc ba<eos>"))
        #expect(throws: TextError.self) { try load(kept(of: "b")) }
    }

    @Test(arguments: [DamagedTokenizerTests.tinyBPE, DamagedTokenizerTests.tinyUnigram])
    func whatIsDamagedIsMadeAgain(text: String) throws {
        _ = try directory.write(text, to: "tokenizer.json")
        let expected = try load(kept()).encode("ab bx")
        let whole = try Data(contentsOf: URL(filePath: keptPath))
        for count in [0, 7, 100, whole.count - 1] {
            try whole.prefix(count).write(to: URL(filePath: keptPath))
            #expect(try load(kept()).encode("ab bx") == expected)
            #expect(try Data(contentsOf: URL(filePath: keptPath)) == whole, "it was written again")
        }
    }

    @Test(arguments: [DamagedTokenizerTests.tinyBPE, DamagedTokenizerTests.tinyUnigram])
    func aChangedByteIsSeen(text: String) throws {
        _ = try directory.write(text, to: "tokenizer.json")
        let expected = try load(kept()).encode("ab bx")
        let whole = try Data(contentsOf: URL(filePath: keptPath))
        for index in stride(from: 0, to: whole.count, by: 7) {
            var damaged = whole
            damaged[index] ^= 1 << UInt8(index % 8)
            try damaged.write(to: URL(filePath: keptPath))
            #expect(try load(kept()).encode("ab bx") == expected, "byte \(index)")
            #expect(try Data(contentsOf: URL(filePath: keptPath)) == whole, "byte \(index)")
        }
    }
}
