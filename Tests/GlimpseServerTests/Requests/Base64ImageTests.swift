import Foundation
import GlimpseServer
import Testing

/// Pictures in JSON.
struct Base64ImageTests {
    /// Bytes whose base64 has all that differs between alphabets.
    private static func bytes(_ count: Int) -> Data {
        Data((0..<count).map { UInt8(truncatingIfNeeded: 0xFB &+ $0 * 37) })
    }

    private static func decoded(_ text: String) throws -> Data { try Base64Image.bytes(of: text, at: "here") }

    @Test(arguments: 1...40) func everyFormGivesTheBytes(count: Int) throws {
        let bytes = Self.bytes(count)
        let standard = bytes.base64EncodedString()
        let urls = standard.replacing("+", with: "-").replacing("/", with: "_")
        let unpadded = standard.replacing("=", with: "")
        let broken = standard.map { "\($0)\r\n" }.joined()
        for text in [
            standard, urls, unpadded, broken, " \(standard)\n", "data:image/png;base64,\(standard)",
            "DATA:image/PNG;Base64,\(unpadded)", "data:;base64,\(urls)",
            "data:image/svg+xml;charset=utf-8;base64,\(standard)",
        ] {
            #expect(try Self.decoded(text) == bytes, "\(text)")
        }
    }

    @Test(arguments: [
        "", " \n", "a", "a=b=", "!!!!", "ab,d", "data:", "data:,", "data:image/png,abcd", "data:image/png;base64",
        "data:image/png;base64,", "data:image/png;base64,!!!!", "http://localhost/cat.jpg", "größe", "\0\0\0\0",
    ]) func anythingElseIsRefused(text: String) {
        let error = expectServerError(.invalidInput, text) { _ = try Self.decoded(text) }
        #expect(error?.message.hasPrefix("here: ") == true)
    }

    @Test func aLongTextIsRead() throws {
        let bytes = Self.bytes(3 << 20)
        #expect(try Self.decoded(bytes.base64EncodedString(options: .lineLength76Characters)) == bytes)
    }
}
