import Foundation
import TestSupport

/// A request that another program has sent, byte for byte as it was; `Tests/Clients` records them.
struct RecordedRequest: Sendable {
    let method: String
    let path: String
    /// The names in lower case.
    let headers: [String: String]
    let body: Data

    struct Malformed: Error {}

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Clients/recorded").standardizedFileURL

    /// All there are, by name.
    static func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false))
            .filter { $0.hasSuffix(".http") }.sorted()
    }

    /// The picture that is in those with pictures.
    static func picture() throws -> Data { try Data(contentsOf: folder.appending(path: "picture.png")) }

    init(_ name: String) throws {
        let bytes = try Data(contentsOf: Self.folder.appending(path: name))
        guard let blank = bytes.range(of: Data("\r\n\r\n".utf8)) else { throw Malformed() }
        let lines = String(decoding: bytes[..<blank.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
        let words = lines[0].split(separator: " ").map(String.init)
        guard words.count == 3 else { throw Malformed() }
        (method, path) = (words[0], words[1])
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { throw Malformed() }
            headers[line[..<colon].lowercased()] =
                line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
        }
        self.headers = headers
        body = Data(bytes[blank.upperBound...])
    }
}
