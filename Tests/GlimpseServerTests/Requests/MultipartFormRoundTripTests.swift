import Foundation
import GlimpseServer
import GlimpseTensor
import Testing

/// What is written as a form is read as it was.
struct MultipartFormRoundTripTests {
    /// A part before it is written.
    private struct Content: Equatable {
        let name: String
        let fileName: String?
        let contentType: String?
        let bytes: Data

        init(_ part: MultipartForm.Part) {
            (name, fileName) = (part.name, part.fileName)
            (contentType, bytes) = (part.contentType, part.bytes)
        }

        init(_ random: inout SeededRandom) {
            name = Self.text(&random)
            fileName = Bool.random(using: &random) ? Self.text(&random) : nil
            contentType = Bool.random(using: &random) ? "text/plain; charset=\"utf-8\"" : nil
            bytes = Self.bytes(&random)
        }

        private static func text(_ random: inout SeededRandom) -> String {
            let symbols = ["a", "Z", "0", " ", ";", "=", "\"", "\\", ",", "ß", "猫", "😀", "--", "%22", "/", ":"]
            let count = Int.random(in: 0...8, using: &random)
            return (0..<count).compactMap { _ in symbols.randomElement(using: &random) }.joined()
        }

        /// Anything but the boundary itself: its last letter is left out.
        private static func bytes(_ random: inout SeededRandom) -> Data {
            let pieces = ["\r\n", "--", "\r\n--", "\r\n--boundary", "\r\n\r\n", "\r", "\n", "-"]
            var bytes = Data()
            for _ in 0..<Int.random(in: 0...12, using: &random) {
                if let piece = pieces.randomElement(using: &random) { bytes.append(Data(piece.utf8)) }
                bytes.append(UInt8.random(in: 0...255, using: &random))
            }
            bytes.removeAll { $0 == UInt8(ascii: "Z") }
            return bytes
        }

        func write(to body: inout Data) {
            func quoted(_ text: String) -> String {
                "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
            }
            var header = "--boundaryZ\r\nContent-Disposition: form-data; name=\(quoted(name))"
            if let fileName { header += "; filename=\(quoted(fileName))" }
            if let contentType { header += "\r\nContent-Type: \(contentType)" }
            body.append(Data("\(header)\r\n\r\n".utf8))
            body.append(bytes)
            body.append(Data("\r\n".utf8))
        }
    }

    @Test(arguments: 0..<100) func partsComeBack(seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed))
        var contents: [Content] = []
        var body = Data()
        for _ in 0..<Int.random(in: 0...6, using: &random) {
            let content = Content(&random)
            content.write(to: &body)
            contents.append(content)
        }
        body.append(Data("--boundaryZ--\r\n".utf8))
        let form = try MultipartForm(body, contentType: "multipart/form-data; boundary=boundaryZ")
        #expect(form.parts.map(Content.init) == contents)
    }
}
