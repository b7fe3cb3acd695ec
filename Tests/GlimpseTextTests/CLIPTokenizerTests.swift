import Foundation
import GlimpseText
import Testing

@Suite struct CLIPTokenizerTests {
    @Test func knownIds() throws {
        #expect(try CLIPTokenizer().encode("a photo of a cat") == [49406, 320, 1125, 539, 320, 2368, 49407])
        #expect(try CLIPTokenizer().encode("") == [49406, 49407])
    }

    @Test func longTextKeepsItsEndToken() throws {
        let ids = try CLIPTokenizer(contextLength: 6).encode("a photo of a cat on a sofa")
        #expect(ids == [49406, 320, 1125, 539, 320, 49407])
    }

    /// A megabyte without a space is one word; merging it must not take a time that grows with its square.
    @Test(arguments: ["a", "é", "1", "!", "<", "&", "\u{301}", "\u{3A3}", "\u{0}", "&amp", "ab\u{1B}[", "Σ\u{301}"])
    func longWordsEnd(_ part: String) throws {
        let text = String(repeating: part, count: 1_000_000 / part.utf8.count)
        let start = ContinuousClock.now
        #expect(try CLIPTokenizer().encode(text).count <= 77)
        let gemma = try BytePairTokenizer(tokenizerJSON: TokenizerFixtures.path("gemma.json"), contextLength: 64)
        #expect(gemma.encode(text).count <= 64)
        let unigram = try UnigramTokenizer(
            sentencePiece: TokenizerFixtures.path("unigram.model"), layout: .t5, contextLength: 64)
        #expect(unigram.encode(text).count <= 64)
        // Quadratic work would take hours.
        #expect(ContinuousClock.now - start < .seconds(60))
    }
}
