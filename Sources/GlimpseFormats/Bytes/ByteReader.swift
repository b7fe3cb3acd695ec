/// A cursor over bytes that checks every read against the end; numbers are little-endian.
///
/// It borrows its bytes, so it lives only inside the `withUnsafeBytes` that gave them.
struct ByteReader {
    let bytes: UnsafeRawBufferPointer
    let path: String
    /// Where `bytes` starts in the file, so that errors name the offset a hex viewer shows.
    let base: Int
    private(set) var position = 0

    init(_ bytes: UnsafeRawBufferPointer, path: String, base: Int = 0) {
        self.bytes = bytes
        self.path = path
        self.base = base
    }

    var remaining: Int { bytes.count - position }

    /// Where the cursor stands, as errors say it.
    var location: String { "byte \(base + position)" }

    mutating func byte() throws -> UInt8 {
        try need(1)
        defer { position += 1 }
        return bytes[position]
    }

    mutating func integer<Number: FixedWidthInteger>(_: Number.Type) throws -> Number {
        try need(MemoryLayout<Number>.size)
        defer { position += MemoryLayout<Number>.size }
        return Number(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: Number.self))
    }

    /// An unsigned 64-bit number that must be usable as a size or offset here.
    mutating func size64() throws -> Int {
        let value = try integer(UInt64.self)
        guard let size = Int(exactly: value) else {
            throw FormatError(.malformed, "impossible size \(value)", path: path, location: location)
        }
        return size
    }

    mutating func take(_ count: Int) throws -> UnsafeRawBufferPointer {
        try need(count)
        defer { position += count }
        return UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
    }

    /// The bytes before the next line feed, which is passed over.
    mutating func line() throws -> UnsafeRawBufferPointer {
        var end = position
        while end < bytes.count, bytes[end] != 0x0A { end += 1 }
        guard end < bytes.count else {
            throw FormatError(.truncated, "a line without its end", path: path, location: location)
        }
        defer { position = end + 1 }
        return UnsafeRawBufferPointer(rebasing: bytes[position..<end])
    }

    mutating func string(_ count: Int) throws -> String {
        let start = location
        guard let text = String(validating: try take(count), as: UTF8.self) else {
            throw FormatError(.malformed, "text is not valid UTF-8", path: path, location: start)
        }
        return text
    }

    private func need(_ count: Int) throws {
        guard count >= 0, count <= remaining else {
            throw FormatError(
                .truncated, "\(count) bytes expected, \(remaining) are left", path: path, location: location,
                remedy: "the file is incomplete or damaged: fetch it again")
        }
    }
}
