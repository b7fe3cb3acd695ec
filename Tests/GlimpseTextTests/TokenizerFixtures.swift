import Foundation
import GlimpseText
import Testing

/// The fixtures of the CLIP families (Fixtures/generate/clip_tokenizers.py).
enum TokenizerFixtures {
    static let folder = fixtures.deletingLastPathComponent().appending(path: "tokenizers")

    static func path(_ name: String) -> String { folder.appending(path: name).path }

    /// The lines, and by configuration an entry a line: packed ids between spaces, `=` for those of `lower`, or a hash
    /// of the ids in three letters.
    struct Lines: Decodable {
        let lines: [String]
        let ids: [String: String]

        func entries(_ configuration: String) throws -> [Substring] {
            let entries = try #require(ids[configuration])
            if entries.contains(" ") { return entries.split(separator: " ") }
            let letters = Array(entries)
            return stride(from: 0, to: letters.count, by: 3).map { Substring(String(letters[$0..<$0 + 3])) }
        }
    }

    static let lines = Result {
        try JSONDecoder().decode(Lines.self, from: Data(contentsOf: folder.appending(path: "lines.json")))
    }

    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// Three digits of base 64 an id.
    static func packed(_ ids: [Int32]) -> String {
        String(decoding: ids.flatMap { id in [12, 6, 0].map { digits[Int(id) >> $0 & 63] } }, as: UTF8.self)
    }

    /// The upper 18 bits of FNV-1a over the ids, in 3 digits of base 64.
    static func hashed(_ ids: [Int32]) -> String {
        var value: UInt64 = 0xCBF2_9CE4_8422_2325
        for id in ids {
            for shift in [0, 8, 16, 24] {
                value = (value ^ UInt64(UInt32(bitPattern: id) >> shift & 0xFF)) &* 0x100_0000_01B3
            }
        }
        return String(decoding: [58, 52, 46].map { digits[Int(value >> $0 & 63)] }, as: UTF8.self)
    }

    /// CLIP's `vocab.json` and `merges.txt`, made of the resource in the sources.
    struct Vocabulary {
        var tokens: [String] = []
        var merges: [(String, String)] = []

        init() throws {
            let resource = folder.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
                .appending(path: "Sources/GlimpseText/Resources/clip-merges.bin")
            let bytes = try Data(contentsOf: resource)
            let printable = Array(0x21...0x7E) + Array(0xA1...0xAC) + Array(0xAE...0xFF)
            let others = (0..<256).filter { !printable.contains($0) }.count
            let values = printable + (0..<others).map { 0x100 + $0 }
            let characters = values.compactMap { Unicode.Scalar($0).map { String($0) } }
            tokens = characters + characters.map { $0 + "</w>" }
            for start in stride(from: bytes.startIndex, to: bytes.endIndex, by: 4) {
                let first = tokens[Int(bytes[start]) | Int(bytes[start + 1]) << 8]
                let second = tokens[Int(bytes[start + 2]) | Int(bytes[start + 3]) << 8]
                merges.append((first, second))
                tokens.append(first + second)
            }
            tokens += ["<|startoftext|>", "<|endoftext|>"]
        }

        var vocabularyJSON: String {
            "{\(tokens.enumerated().map { "\(Self.quoted($1)):\($0)" }.joined(separator: ","))}"
        }

        /// The text of a `tokenizer.json`, merges as texts or as pairs.
        func tokenizerJSON(settings: String, mergesAsPairs: Bool) -> String {
            let merges = merges.map { first, second in
                mergesAsPairs ? "[\(Self.quoted(first)),\(Self.quoted(second))]" : Self.quoted("\(first) \(second)")
            }
            return settings.replacing("\"VOCABULARY\"", with: vocabularyJSON)
                .replacing("\"MERGES\"", with: "[\(merges.joined(separator: ","))]")
        }

        private static func quoted(_ text: String) -> String {
            "\"\(text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
        }
    }

    /// Compares the ids of every line with the reference's.
    static func expectParity(of tokenizer: any Tokenizer, _ configuration: String, isPacked: Bool = false) throws {
        let lines = try lines.get()
        let expected = try lines.entries(configuration)
        #expect(expected.count == lines.lines.count && expected.count >= 3_000)
        let lower = try lines.entries("lower")
        var failures = 0
        for (index, (line, entry)) in zip(lines.lines, expected).enumerated() {
            let ids = tokenizer.encode(line)
            let wanted = entry == "=" ? lower[index] : entry
            if (isPacked ? packed(ids) : hashed(ids)) != wanted {
                failures += 1
                if failures <= 20 {
                    Issue.record(
                        "\(configuration) \(index): \(line.debugDescription) \(ids.prefix(20)), expected \(wanted)")
                }
            }
            #expect(ids.allSatisfy(tokenizer.idRange.contains))
        }
        #expect(failures == 0, "\(configuration): \(failures) of \(expected.count) lines differ")
    }
}
