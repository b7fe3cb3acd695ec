import Foundation
import GlimpseText
import Testing

/// Where the fixtures of this part are.
let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fixtures/wordpiece")

/// Lines and the ids the reference gives them, by configuration; a configuration covers the first lines.
struct Cases: Decodable {
    let lines: [String]
    let ids: [String: [[Int32]]]

    init(contentsOf url: URL) throws {
        self = try JSONDecoder().decode(Cases.self, from: Data(contentsOf: url))
    }
}

/// The text of a configuration's `tokenizer.json`, with the vocabulary put in.
func tokenizerJSON(_ configuration: String) throws -> String {
    let vocabulary = try String(contentsOf: fixtures.appending(path: "vocab.txt"), encoding: .utf8)
    let members = vocabulary.split(separator: "\n").enumerated().map { number, token in
        "\"\(token.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\":\(number)"
    }
    let settings = try String(contentsOf: fixtures.appending(path: "\(configuration).json"), encoding: .utf8)
    return settings.replacing("\"VOCABULARY\"", with: "{\(members.joined(separator: ","))}")
}
