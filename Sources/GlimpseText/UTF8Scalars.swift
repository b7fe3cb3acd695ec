/// Decoding of single scalars in UTF-8 that is known to be valid, as a `String`'s is.
enum UTF8Scalars {
    /// The scalar that starts at a position, and its length in bytes.
    @inline(__always)
    static func scalar(in bytes: UnsafeBufferPointer<UInt8>, at position: Int) -> (scalar: Unicode.Scalar, length: Int)
    {
        let first = UInt32(bytes[position])
        if first < 0x80 { return (Unicode.Scalar(UInt8(first)), 1) }
        let length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        var value = first & (0x7F >> UInt32(length))
        for offset in 1..<length { value = value << 6 | UInt32(bytes[position + offset] & 0x3F) }
        return (Unicode.Scalar(value) ?? "\u{FFFD}", length)
    }

    /// The scalar that ends before a position, and its length in bytes.
    static func scalar(
        in bytes: UnsafeBufferPointer<UInt8>, before position: Int
    ) -> (scalar: Unicode.Scalar, length: Int) {
        var start = position - 1
        while start > 0, bytes[start] & 0xC0 == 0x80 { start -= 1 }
        return scalar(in: bytes, at: start)
    }
}
