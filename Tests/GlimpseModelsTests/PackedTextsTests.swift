import GlimpseModels
import GlimpseTensor
import Testing

/// Texts packed in rows, with what they have in common once.
struct PackedTextsTests {
    /// Texts of few different tokens, so that many begin alike, some are the same and some are another's beginning.
    private static func texts(seed: UInt64) -> [[Int32]] {
        var generator = SeededRandom(seed: seed)
        return (0..<Int.random(in: 0...20, using: &generator)).map { _ in
            (0..<Int.random(in: 1...6, using: &generator)).map { _ in Int32.random(in: 0...2, using: &generator) }
        }
    }

    @Test(arguments: 0..<100 as Range<UInt64>, [false, true])
    func everyTextIsThereWithItsPositions(seed: UInt64, sharesBeginnings: Bool) {
        let texts = Self.texts(seed: seed)
        let packed = PackedTexts(texts, sharesBeginnings: sharesBeginnings)
        #expect(packed.sequences.count == texts.count)
        for (text, sequence) in zip(texts, packed.sequences) {
            let rows = (0..<sequence.count).map { sequence[$0] }
            #expect(rows.map { packed.ids[$0] } == text.map(Int.init))
            #expect(rows.map { packed.positions[$0] } == Array(text.indices))
        }
        #expect(packed.sequences.flatMap(\.own).sorted() == Array(packed.ids.indices))
    }

    @Test(arguments: 0..<100 as Range<UInt64>) func noBeginningIsThereTwice(seed: UInt64) {
        let texts = Self.texts(seed: seed)
        let beginnings = Set(texts.flatMap { text in (1...text.count).map { Array(text.prefix($0)) } })
        #expect(PackedTexts(texts, sharesBeginnings: true).ids.count == beginnings.count)
        #expect(PackedTexts(texts, sharesBeginnings: false).ids.count == texts.reduce(0) { $0 + $1.count })
    }
}
