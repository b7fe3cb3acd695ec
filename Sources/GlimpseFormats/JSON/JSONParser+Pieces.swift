extension JSON {
    /// Reads a file piece by piece: a vocabulary of hundreds of thousands of tokens need not become as many values.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - valueLimit: how many values are read at most.
    ///   - body: has to read the whole document.
    /// - Throws: `FormatError`; what `body` throws.
    package static func read<Result>(
        path: String, valueLimit: Int = JSON.valueLimit, _ body: (inout JSONParser) throws -> Result
    ) throws -> Result {
        try MappedFile(path: path).withUnsafeBytes { bytes in
            var parser = JSONParser(bytes: bytes, path: path, base: 0, valuesLeft: valueLimit)
            let result = try body(&parser)
            try parser.end()
            return result
        }
    }
}

extension JSONParser {
    /// The length of the document.
    package var byteCount: Int { bytes.count }

    /// Where the next character is in the document.
    package var offset: Int { position }

    /// The document with something in place of some of its parts, which are in order.
    package func document(_ parts: [Range<Int>], replacedBy text: String) -> [UInt8] {
        var result: [UInt8] = []
        var start = 0
        for part in parts {
            result += bytes[start..<part.lowerBound]
            result += text.utf8
            start = part.upperBound
        }
        return result + bytes[start...]
    }

    /// What comes next.
    package mutating func next() -> Kind {
        skipSpace()
        return switch peek {
        case UInt8(ascii: "{"): .object
        case UInt8(ascii: "["): .array
        case UInt8(ascii: "\""): .string
        default: .other
        }
    }

    /// Reads a value of any kind.
    ///
    /// - Throws: `FormatError`.
    package mutating func value() throws -> JSON { try value(depth: 0) }

    /// Reads a string; its UTF-8 must not be used after `body` returns.
    ///
    /// - Throws: `FormatError`; what `body` throws.
    package mutating func string(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        guard next() == .string else { throw malformed("a string expected") }
        try countValue()
        let content = try stringContent()
        try validate(content)
        try content.withBytes(body)
    }

    /// Reads an array; `element` has to read one value each time.
    ///
    /// - Throws: `FormatError`; what `element` throws.
    package mutating func elements(_ element: (inout JSONParser) throws -> Void) throws {
        try countValue()
        try list(from: "[", to: "]", element)
    }

    /// Reads an object; `member` gets a key in UTF-8, which must not be used after it returns, and has to read the value.
    ///
    /// - Throws: `FormatError`; what `member` throws.
    package mutating func members(
        _ member: (_ key: UnsafeRawBufferPointer, _ parser: inout JSONParser) throws -> Void
    ) throws {
        try countValue()
        try list(from: "{", to: "}") { parser in
            let key = try parser.key()
            try parser.validate(key)
            try key.withBytes { try member($0, &parser) }
        }
    }
}
