/// A recursive-descent parser over borrowed bytes.
struct JSONParser {
    let bytes: UnsafeRawBufferPointer
    let path: String
    let base: Int
    var valuesLeft: Int
    private var position = 0

    private static let depthLimit = 64

    init(bytes: UnsafeRawBufferPointer, path: String, base: Int, valuesLeft: Int) {
        self.bytes = bytes
        self.path = path
        self.base = base
        self.valuesLeft = valuesLeft
    }

    mutating func document() throws -> JSON {
        let value = try value(depth: 0)
        skipSpace()
        guard position == bytes.count else { throw malformed("text after the JSON value") }
        return value
    }

    private mutating func value(depth: Int) throws -> JSON {
        guard depth < Self.depthLimit else { throw malformed("JSON nested deeper than \(Self.depthLimit) levels") }
        guard valuesLeft > 0 else {
            throw FormatError(.tooLarge, "more JSON values than the limit", path: path, location: location)
        }
        valuesLeft -= 1
        skipSpace()
        switch peek {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .boolean(true))
        case UInt8(ascii: "f"): return try literal("false", .boolean(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        default: return try number()
        }
    }

    private mutating func object(depth: Int) throws -> JSON {
        position += 1
        var members: [JSON.Member] = []
        skipSpace()
        if accept("}") { return .object(members) }
        while true {
            skipSpace()
            guard peek == UInt8(ascii: "\"") else { throw malformed("a key in quotes expected") }
            let key = try string()
            skipSpace()
            guard accept(":") else { throw malformed("':' expected after key \(key)") }
            members.append(JSON.Member(key: key, value: try value(depth: depth + 1)))
            skipSpace()
            if accept("}") { return .object(members) }
            guard accept(",") else { throw malformed("',' or '}' expected") }
        }
    }

    private mutating func array(depth: Int) throws -> JSON {
        position += 1
        var elements: [JSON] = []
        skipSpace()
        if accept("]") { return .array(elements) }
        while true {
            elements.append(try value(depth: depth + 1))
            skipSpace()
            if accept("]") { return .array(elements) }
            guard accept(",") else { throw malformed("',' or ']' expected") }
        }
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

    private mutating func string() throws -> String {
        position += 1
        let start = position
        var bits: UInt8 = 0
        while let byte = peek, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 {
            bits |= byte
            position += 1
        }
        if peek == UInt8(ascii: "\"") {
            defer { position += 1 }
            let content = UnsafeRawBufferPointer(rebasing: bytes[start..<position])
            // ASCII, as most is, is valid.
            return bits < 0x80 ? String(decoding: content, as: UTF8.self) : try text(content)
        }
        var content = Array(bytes[start..<position])
        while let byte = peek {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return try text(content)
            case UInt8(ascii: "\\"): content.append(contentsOf: try escape())
            case ..<0x20: throw malformed("a control character in a string")
            default: content.append(byte)
            }
        }
        throw malformed("a string without its closing quote")
    }

    private mutating func escape() throws -> [UInt8] {
        guard let byte = peek else { throw malformed("a string without its closing quote") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"):
            var code = try hexadecimal()
            if (0xD800..<0xDC00).contains(code), accept("\\"), accept("u") {
                let low = try hexadecimal()
                guard (0xDC00..<0xE000).contains(low) else { throw malformed("half of a surrogate pair") }
                code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(code) else { throw malformed("half of a surrogate pair") }
            return Array(UTF8.encode(scalar).map(Array.init) ?? [])
        default: throw malformed("an unknown escape in a string")
        }
    }

    private mutating func hexadecimal() throws -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
                throw malformed("four hexadecimal digits expected")
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }

    private func text(_ bytes: some Collection<UInt8>) throws -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw malformed("invalid UTF-8 in a string") }
        return text
    }

    private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func accept(_ character: Unicode.Scalar) -> Bool {
        guard peek == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func skipDigits() -> Int {
        let start = position
        while let byte = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
        return position - start
    }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private var location: String { "byte \(base + position)" }

    private func malformed(_ message: String) -> FormatError {
        FormatError(.malformed, message, path: path, location: location)
    }
}
