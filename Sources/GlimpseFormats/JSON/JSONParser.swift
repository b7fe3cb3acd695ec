/// A recursive-descent parser over borrowed bytes, which makes values of what it reads or hands it out piece by piece.
package struct JSONParser {
    /// What a value is, by its first character.
    package enum Kind: Sendable {
        case object
        case array
        case string
        /// A number, a boolean, `null`, or no value at all.
        case other
    }

    let bytes: UnsafeRawBufferPointer
    let path: String
    let base: Int
    private var valuesLeft: Int
    var position = 0

    private static let depthLimit = 64

    init(bytes: UnsafeRawBufferPointer, path: String, base: Int, valuesLeft: Int) {
        self.bytes = bytes
        self.path = path
        self.base = base
        self.valuesLeft = valuesLeft
    }

    mutating func document() throws -> JSON {
        let value = try value(depth: 0)
        try end()
        return value
    }

    /// Throws where anything but space follows.
    mutating func end() throws {
        skipSpace()
        guard position == bytes.count else { throw malformed("text after the JSON value") }
    }

    mutating func value(depth: Int) throws -> JSON {
        guard depth < Self.depthLimit else { throw malformed("JSON nested deeper than \(Self.depthLimit) levels") }
        try countValue()
        skipSpace()
        switch peek {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["):
            var elements: [JSON] = []
            try list(from: "[", to: "]") { elements.append(try $0.value(depth: depth + 1)) }
            return .array(elements)
        case UInt8(ascii: "\""): return .string(try text(of: stringContent()))
        case UInt8(ascii: "t"): return try literal("true", .boolean(true))
        case UInt8(ascii: "f"): return try literal("false", .boolean(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        default: return try number()
        }
    }

    mutating func countValue() throws {
        guard valuesLeft > 0 else {
            throw FormatError(.tooLarge, "more JSON values than the limit", path: path, location: location)
        }
        valuesLeft -= 1
    }

    private mutating func object(depth: Int) throws -> JSON {
        var members: [JSON.Member] = []
        try list(from: "{", to: "}") { parser in
            let key = try parser.text(of: parser.key())
            members.append(JSON.Member(key: key, value: try parser.value(depth: depth + 1)))
        }
        return .object(members)
    }

    /// Reads the parts of an object or an array.
    mutating func list(
        from start: Unicode.Scalar, to end: Unicode.Scalar, _ part: (inout JSONParser) throws -> Void
    ) throws {
        skipSpace()
        guard accept(start) else { throw malformed("'\(start)' expected") }
        skipSpace()
        if accept(end) { return }
        while true {
            skipSpace()
            try part(&self)
            skipSpace()
            if accept(end) { return }
            guard accept(",") else { throw malformed("',' or '\(end)' expected") }
        }
    }

    /// The key of a member, and the colon behind it.
    mutating func key() throws -> StringContent {
        guard peek == UInt8(ascii: "\"") else { throw malformed("a key in quotes expected") }
        let key = try stringContent()
        skipSpace()
        guard accept(":") else { throw malformed("':' expected after key \(try text(of: key))") }
        return key
    }

    private mutating func literal(_ text: StaticString, _ value: JSON) throws -> JSON {
        for offset in 0..<text.utf8CodeUnitCount {
            guard peek == text.utf8Start[offset] else { throw malformed("\(text) expected") }
            position += 1
        }
        return value
    }

    private mutating func number() throws -> JSON {
        let start = position
        _ = accept("-")
        let digitsStart = position
        let digits = skipDigits()
        guard digits > 0 else { throw malformed("a JSON value expected") }
        guard digits == 1 || bytes[digitsStart] != UInt8(ascii: "0") else { throw malformed("a number with leading 0") }
        var isInteger = true
        if accept(".") {
            isInteger = false
            guard skipDigits() > 0 else { throw malformed("digits expected after '.'") }
        }
        if accept("e") || accept("E") {
            isInteger = false
            _ = accept("+") || accept("-")
            guard skipDigits() > 0 else { throw malformed("digits expected in the exponent") }
        }
        if isInteger, digits <= 18 {
            let value = bytes[digitsStart..<position].reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
            return .integer(digitsStart > start ? -value : value)
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isInteger, let value = Int(text) { return .integer(value) }
        guard let value = Double(text) else { throw malformed("impossible number \(text)") }
        return .real(value)
    }

    var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    mutating func accept(_ character: Unicode.Scalar) -> Bool {
        guard peek == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func skipDigits() -> Int {
        let start = position
        while let byte = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
        return position - start
    }

    mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private var location: String { "byte \(base + position)" }

    func malformed(_ message: String) -> FormatError {
        FormatError(.malformed, message, path: path, location: location)
    }
}
