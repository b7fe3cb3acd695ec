import Foundation
import GlimpseServer
import GlimpseTensor
import Testing

/// Forms that are cut, altered or made up are refused or read, and never more than that.
struct MultipartFormDamageTests {
    private static let contentType = "multipart/form-data; boundary=B7"

    private static let whole = Data(
        """
        preamble\r
        --B7\r
        Content-Disposition: form-data; name="text"\r
        \r
        a cat\r
        --B7\r
        Content-Disposition: form-data; name="image"; filename="a;\\"b\\".jpg"\r
        Content-Type: image/jpeg\r
        \r
        \u{0}\r\n--B\r\n\r
        --B7\r
        Content-Disposition: form-data; name="empty"\r
        \r
        \r
        --B7--\r
        epilogue
        """.utf8)

    private static func parts(_ body: Data, _ contentType: String = contentType) throws -> [MultipartForm.Part]? {
        do {
            return try MultipartForm(body, contentType: contentType).parts
        } catch let error as ServerError {
            #expect(error.code == .invalidInput, "\(error)")
            return nil
        }
    }

    @Test func aFormThatIsCutIsRefused() throws {
        let parts = try #require(try Self.parts(Self.whole))
        #expect(parts.map(\.name) == ["text", "image", "empty"])
        let end = try #require(Self.whole.range(of: Data("--B7--".utf8))).upperBound
        for length in 0..<Self.whole.count {
            let found = try Self.parts(Self.whole.prefix(length))
            #expect(found == (length < end ? nil : parts), "cut after \(length) bytes")
        }
    }

    @Test func aFormThatIsAlteredIsReadOrRefused() throws {
        var random = SeededRandom(seed: 1)
        for index in Self.whole.indices {
            for byte in [0x00, 0x0A, 0x0D, 0x22, 0x2D, 0x3A, 0x5C, 0xFF, UInt8.random(in: 0...255, using: &random)] {
                var body = Self.whole
                body[index] = byte
                _ = try Self.parts(body)
                body.remove(at: index)
                _ = try Self.parts(body)
            }
        }
    }

    @Test func randomBytesAreRefused() throws {
        var random = SeededRandom(seed: 2)
        for _ in 0..<500 {
            let count = Int.random(in: 0...300, using: &random)
            let body = Data((0..<count).map { _ in UInt8.random(in: 0...255, using: &random) })
            #expect(try Self.parts(body) == nil)
        }
    }

    @Test func piecesOfFormsInAnyOrderAreReadOrRefused() throws {
        let pieces = [
            "--B7", "\r\n", "--", "\r\n\r\n", "Content-Disposition: form-data; name=", "\"", ";", "filename=", ":", " ",
            "x", "B7", "\r", "\n", "\u{0}", "\\", "Content-Type:", "--B7--", "\r\n--B7\r\n", "name=a\r\n\r\n",
        ].map { Data($0.utf8) }
        var random = SeededRandom(seed: 3)
        var readCount = 0
        for _ in 0..<5000 {
            var body = Data()
            for _ in 0..<Int.random(in: 1...14, using: &random) {
                if let piece = pieces.randomElement(using: &random) { body.append(piece) }
            }
            if try Self.parts(body) != nil { readCount += 1 }
        }
        #expect(readCount > 0)
    }

    @Test func aBoundaryIsNeeded() {
        let long = String(repeating: "x", count: 71)
        for contentType in [
            "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"\"",
            "multipart/form-data; boundary=\(long)", "boundary=B7", "",
        ] {
            let error = expectServerError(.invalidInput, contentType) {
                _ = try MultipartForm(Self.whole, contentType: contentType)
            }
            #expect(error?.message.contains("boundary") == true)
        }
        expectServerError(.invalidInput) {
            _ = try MultipartForm(Self.whole, contentType: "multipart/form-data; boundary=other")
        }
    }

    @Test func thereIsALimitToTheParts() throws {
        func body(_ count: Int) -> Data {
            let part = "--B7\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n"
            return Data((String(repeating: part, count: count) + "--B7--\r\n").utf8)
        }
        #expect(try Self.parts(body(1024))?.count == 1024)
        let error = expectServerError(.invalidInput) {
            _ = try MultipartForm(body(1025), contentType: Self.contentType)
        }
        #expect(error?.message.contains("1024") == true)
    }

    @Test(arguments: [
        "Content-Type: text/plain", "Content-Disposition: form-data", "Content-Disposition: form-data; filename=\"x\"",
        "no colon", "Content-Disposition: form-data; name=a\r\nContent-Transfer-Encoding: base64", "",
    ]) func headersThatMakeNoSenseAreRefused(header: String) {
        expectServerError(.invalidInput, header) {
            _ = try MultipartForm(Data("--B7\r\n\(header)\r\n\r\n1\r\n--B7--".utf8), contentType: Self.contentType)
        }
    }

    @Test func aHeaderWithoutAnEndIsRefused() {
        let header = "Content-Disposition: form-data; name=a; other=" + String(repeating: "x", count: 1 << 20)
        expectServerError(.invalidInput) {
            _ = try MultipartForm(Data("--B7\r\n\(header)\r\n\r\n1\r\n--B7--".utf8), contentType: Self.contentType)
        }
    }

    @Test func errorsSayWhere() {
        let error = expectServerError(.invalidInput) {
            _ = try MultipartForm(Data("--B7\r\nno colon\r\n\r\n1\r\n--B7--".utf8), contentType: Self.contentType)
        }
        #expect(error?.message.contains("byte 6") == true, "\(String(describing: error))")
    }
}
