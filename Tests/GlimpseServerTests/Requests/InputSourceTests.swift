import Foundation
import GlimpseFormats
import GlimpseLibrary
import GlimpseServer
import Testing

/// What clients want embedded.
struct InputSourceTests {
    private static let digits = String(repeating: "0123456789abcdef", count: 4)

    private static func source(_ text: String) throws -> InputSource {
        try InputSource(try json(text), at: "inputs[3]")
    }

    @Test func thereAreFourKinds() throws {
        let hash = try #require(ContentHash(hexadecimal: Self.digits))
        #expect(try Self.source(#"{"text": "a cat"}"#) == .text("a cat"))
        #expect(try Self.source(#"{"image": "aGVsbG8="}"#) == .image(Data("hello".utf8)))
        #expect(try Self.source("{\"picture\": \"\(Self.digits.uppercased())\"}") == .picture(hash))
        #expect(try Self.source(#"{"url": "http://example.com/"}"#) == .url("http://example.com/"))
        #expect(try Self.source(#"{"text": "a cat", "weight": 2}"#) == .text("a cat"))
    }

    @Test(arguments: [
        "{}", "[]", "\"a cat\"", "1", "null", #"{"text": 1}"#, #"{"text": null}"#, #"{"text": ["a"]}"#,
        #"{"file": "/x"}"#,
        #"{"text": "a", "image": "aGVsbG8="}"#, #"{"path": "/etc/passwd"}"#, #"{"image": "?"}"#, #"{"picture": "12"}"#,
    ]) func anythingElseIsRefused(text: String) {
        let error = expectServerError(.invalidInput, text) { _ = try Self.source(text) }
        #expect(error?.message.hasPrefix("inputs[3]: ") == true)
    }

    @Test func textsHaveALimit() throws {
        let longest = String(repeating: "a", count: 1 << 16)
        #expect(try InputSource(text: longest, at: "q") == .text(longest))
        expectServerError(.invalidInput) { _ = try InputSource(text: longest + "a", at: "q") }
        // Bytes count, not letters.
        expectServerError(.invalidInput) { _ = try InputSource(text: String(repeating: "ß", count: 40_000), at: "q") }
    }

    @Test(arguments: [
        "", String(digits.dropLast()), digits + "0", String(digits.dropLast()) + "g", "../../etc/passwd",
        String(digits.dropLast()) + "\0", String(repeating: "ß", count: 32), " \(digits.dropLast())",
    ]) func picturesAreKnownByTheirDigest(text: String) {
        let error = expectServerError(.invalidInput, text) { _ = try InputSource.hash(text, at: "sha256") }
        #expect(error?.message.contains("64") == true)
    }
}
