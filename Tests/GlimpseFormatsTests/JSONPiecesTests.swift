import GlimpseFormats
import TestSupport
import Testing

/// JSON that is read piece by piece.
@Suite struct JSONPiecesTests {
    private let directory: TemporaryFolder

    init() throws { directory = try TemporaryFolder() }

    /// Reads a document that is in a file.
    private func read(_ text: some Collection<UInt8>, _ body: (inout JSONParser) throws -> Void) throws {
        try JSON.read(path: try directory.write(text), body)
    }

    @Test func membersAndElementsComeInTheirOrder() throws {
        var found: [String] = []
        let text = #" { "é" : [ "a\n" , 1 ], "b": {"c": null}, "é": [] } "#
        try read(text.utf8) { parser in
            #expect(parser.next() == .object)
            try parser.members { key, parser in
                found.append(String(decoding: key, as: UTF8.self))
                guard parser.next() == .array else { return found.append("\(try parser.value()["c"]?.isNull == true)") }
                try parser.elements { parser in
                    if parser.next() == .string {
                        try parser.string { found.append(String(decoding: $0, as: UTF8.self)) }
                    } else {
                        found.append("\(try parser.value().integer ?? 0)")
                    }
                }
            }
        }
        #expect(found == ["é", "a\n", "1", "b", "true", "é"])
    }

    @Test(arguments: ["{}", "[1", "[1,]", "[1 2]", "[\"\u{7}\"]", "[1] 2", "", "[\"a", "[tru]"])
    func whatIsNotAListOfValuesIsRefused(text: String) throws {
        #expect(throws: FormatError.self) {
            try read(text.utf8) { parser in try parser.elements { _ = try $0.value() } }
        }
    }

    @Test func noMoreValuesAreReadThanTheLimit() throws {
        let path = try directory.write(#"{"a": ["b", 1, {}]}"#.utf8)
        func read(limit: Int) throws {
            try JSON.read(path: path, valueLimit: limit) { parser in
                try parser.members { _, parser in
                    try parser.elements { parser in
                        if parser.next() == .string { try parser.string { _ in } } else { _ = try parser.value() }
                    }
                }
            }
        }
        try read(limit: 5)
        for limit in 0..<5 { #expect(throws: FormatError.self) { try read(limit: limit) } }
    }

    @Test func whatIsLeftUnreadIsRefused() throws {
        #expect(throws: FormatError.self) { try read("[1, 2]".utf8) { _ = $0.next() } }
        #expect(throws: FormatError.self) { try read("[1, 2]".utf8) { try $0.elements { _ in } } }
        #expect(throws: FormatError.self) { try read("[1]".utf8) { try $0.string { _ in } } }
    }

    @Test(arguments: [[0x22, 0xFF, 0x22], [0x22, 0x5C, 0x6E, 0xFF, 0x22]] as [[UInt8]])
    func stringsHaveToBeUTF8(string: [UInt8]) throws {
        #expect(throws: FormatError.self) {
            try read([0x5B] + string + [0x5D]) { parser in try parser.elements { try $0.string { _ in } } }
        }
    }
}
