/// Reads the fields of a Protocol Buffers message, in their order.
struct ProtobufReader {
    /// A field's value.
    enum Value {
        /// A whole number, an enumeration's case or a boolean.
        case integer(UInt64)
        /// Eight bytes.
        case fixed64
        /// Four bytes, little-endian.
        case fixed32(UInt32)
        /// Text, bytes or a message.
        case bytes(ArraySlice<UInt8>)
    }

    private var rest: ArraySlice<UInt8>

    /// The message, and where it starts in its file.
    init(_ message: ArraySlice<UInt8>) { rest = message }

    /// Where the next field starts.
    var position: Int { rest.startIndex }

    /// The next field; nil at the end.
    ///
    /// - Throws: `Malformed` where a field reaches beyond the message or is of an unknown type.
    mutating func next() throws(Malformed) -> (number: UInt64, value: Value)? {
        guard !rest.isEmpty else { return nil }
        let key = try variableInteger()
        guard key >> 3 > 0 else { throw Malformed(position: position) }
        switch key & 7 {
        case 0: return (key >> 3, .integer(try variableInteger()))
        case 1:
            _ = try take(8)
            return (key >> 3, .fixed64)
        case 2: return (key >> 3, .bytes(try take(try variableInteger())))
        case 5: return (key >> 3, .fixed32(try take(4).reversed().reduce(0) { $0 << 8 | UInt32($1) }))
        default: throw Malformed(position: position)
        }
    }

    /// A message that contradicts itself, and where.
    struct Malformed: Error {
        var position: Int
    }

    private mutating func variableInteger() throws(Malformed) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), through: 63, by: 7) {
            guard let byte = rest.popFirst() else { break }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        throw Malformed(position: position)
    }

    private mutating func take(_ count: UInt64) throws(Malformed) -> ArraySlice<UInt8> {
        guard count <= UInt64(rest.count) else { throw Malformed(position: position) }
        defer { rest = rest.dropFirst(Int(count)) }
        return rest.prefix(Int(count))
    }
}
