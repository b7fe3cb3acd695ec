/// The header of an .npy file: a Python dictionary with the keys descr, fortran_order and shape.
struct NumpyHeader {
    let elementType: ElementType
    let layout: StridedLayout

    private static let elementTypes: [String: ElementType] = [
        "<f4": .f32, "<f2": .f16, "<f8": .f64, "<i8": .i64, "<i4": .i32, "<i2": .i16, "|i1": .i8, "|u1": .u8,
        "|b1": .bool,
    ]

    init(_ text: UnsafeRawBufferPointer, path: String, base: Int) throws {
        var parser = Parser(bytes: text, path: path, base: base)
        var description: String?
        var isFortranOrder: Bool?
        var shape: [Int]?
        try parser.expect("{")
        while !parser.accept("}") {
            let key = try parser.string()
            try parser.expect(":")
            switch key {
            case "descr" where description == nil: description = try parser.string()
            case "fortran_order" where isFortranOrder == nil: isFortranOrder = try parser.boolean()
            case "shape" where shape == nil: shape = try parser.tuple()
            default: throw parser.malformed("unexpected or repeated key \(key)")
            }
            if !parser.accept(",") {
                try parser.expect("}")
                break
            }
        }
        try parser.end()
        guard let description, let isFortranOrder, let shape else {
            throw parser.malformed("descr, fortran_order and shape expected")
        }
        guard let elementType = Self.elementTypes[description] else {
            let known = Self.elementTypes.keys.sorted().joined(separator: ", ")
            throw FormatError(.unsupported, "numbers of type \(description); read are \(known)", path: path)
        }
        guard let contiguous = StridedLayout(contiguous: isFortranOrder ? shape.reversed() : shape) else {
            throw parser.malformed("impossible shape \(shape)")
        }
        self.elementType = elementType
        if isFortranOrder {
            do throws(LayoutError) {
                layout = try StridedLayout(
                    shape: shape, strides: contiguous.strides.reversed(), offset: 0,
                    storageCount: contiguous.elementCount)
            } catch {
                throw parser.malformed(error.message)
            }
        } else {
            layout = contiguous
        }
    }
}

/// The few forms of Python literals that occur.
private struct Parser {
    let bytes: UnsafeRawBufferPointer
    let path: String
    let base: Int
    private var position = 0

    init(bytes: UnsafeRawBufferPointer, path: String, base: Int) {
        self.bytes = bytes
        self.path = path
        self.base = base
    }

    mutating func accept(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    mutating func expect(_ character: Unicode.Scalar) throws {
        guard accept(character) else { throw malformed("'\(character)' expected") }
    }

    mutating func string() throws -> String {
        let quote: UInt8
        if accept("'") {
            quote = UInt8(ascii: "'")
        } else if accept("\"") {
            quote = UInt8(ascii: "\"")
        } else {
            throw malformed("text in quotes expected")
        }
        let start = position
        while position < bytes.count, bytes[position] != quote, bytes[position] != UInt8(ascii: "\\") { position += 1 }
        guard position < bytes.count, bytes[position] == quote else { throw malformed("plain text in quotes expected") }
        defer { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    mutating func boolean() throws -> Bool {
        skipSpace()
        for (word, value) in [("True", true), ("False", false)] where bytes[position...].starts(with: word.utf8) {
            position += word.utf8.count
            return value
        }
        throw malformed("True or False expected")
    }

    mutating func tuple() throws -> [Int] {
        try expect("(")
        var numbers: [Int] = []
        while !accept(")") {
            skipSpace()
            let start = position
            while position < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position]) {
                position += 1
            }
            guard let number = Int(String(decoding: bytes[start..<position], as: UTF8.self)) else {
                throw malformed("a whole number expected")
            }
            numbers.append(number)
            if !accept(",") {
                try expect(")")
                break
            }
        }
        return numbers
    }

    mutating func end() throws {
        skipSpace()
        guard position == bytes.count else { throw malformed("text after the dictionary") }
    }

    func malformed(_ message: String) -> FormatError {
        FormatError(.malformed, message, path: path, location: "byte \(base + position)")
    }

    private mutating func skipSpace() {
        while position < bytes.count, bytes[position] == 0x20 || bytes[position] == 0x0A { position += 1 }
    }
}
