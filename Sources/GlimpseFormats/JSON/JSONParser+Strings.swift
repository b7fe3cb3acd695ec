extension JSONParser {
    /// What a string says in UTF-8, which may still be invalid.
    enum StringContent {
        /// A part of the document, where nothing is escaped.
        case slice(UnsafeRawBufferPointer, isASCII: Bool)
        case decoded([UInt8])

        /// Gives the bytes; they must not be used after `body` returns.
        func withBytes(_ body: (UnsafeRawBufferPointer) throws -> Void) rethrows {
            switch self {
            case .slice(let bytes, _): try body(bytes)
            case .decoded(let bytes): try bytes.withUnsafeBytes(body)
            }
        }
    }

    mutating func stringContent() throws -> StringContent {
        position += 1
        let start = position
        var bits: UInt8 = 0
        while let byte = peek, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 {
            bits |= byte
            position += 1
        }
        if peek == UInt8(ascii: "\"") {
            defer { position += 1 }
            return .slice(UnsafeRawBufferPointer(rebasing: bytes[start..<position]), isASCII: bits < 0x80)
        }
        var content = Array(bytes[start..<position])
        while let byte = peek {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return .decoded(content)
            case UInt8(ascii: "\\"): content.append(contentsOf: try escape())
            case ..<0x20: throw malformed("a control character in a string")
            default: content.append(byte)
            }
        }
        throw malformed("a string without its closing quote")
    }

    func text(of content: StringContent) throws -> String {
        switch content {
        // ASCII, as most is, is valid.
        case .slice(let bytes, isASCII: true): return String(decoding: bytes, as: UTF8.self)
        case .slice(let bytes, isASCII: false): return try validText(bytes)
        case .decoded(let bytes): return try validText(bytes)
        }
    }

    private func validText(_ bytes: some Collection<UInt8>) throws -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw malformed("invalid UTF-8 in a string") }
        return text
    }

    /// Throws where a string is not valid UTF-8.
    func validate(_ content: StringContent) throws {
        if case .slice(_, isASCII: true) = content { return }
        _ = try text(of: content)
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
}
