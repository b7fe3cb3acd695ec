import CZlib

/// Raw deflate, in pieces, never beyond the size that was announced.
enum Inflate {
    /// Inflates to exactly `size` bytes.
    ///
    /// - Throws: `FormatError` with `.malformed` when the stream is broken, holds more or less, or does not use all of
    ///   its bytes; and what `body` throws.
    static func stream(
        _ packed: UnsafeRawBufferPointer, size: Int, path: String, location: String,
        to body: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        func malformed(_ message: String) -> FormatError {
            FormatError(
                .malformed, message, path: path, location: location, remedy: "the file is damaged: fetch it again")
        }
        var stream = z_stream()
        guard czlib_inflate_init_raw(&stream) == Z_OK else {
            throw FormatError(.inputOutput, "no memory for decompression", path: path, location: location)
        }
        defer { inflateEnd(&stream) }
        let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
        defer { chunk.deallocate() }
        var consumed = 0
        var produced = 0
        while true {
            let input = UnsafeRawBufferPointer(rebasing: packed[consumed...].prefix(1 << 30))
            stream.next_in = UnsafeMutablePointer(
                mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
            stream.avail_in = UInt32(input.count)
            stream.next_out = chunk.baseAddress?.assumingMemoryBound(to: UInt8.self)
            stream.avail_out = UInt32(chunk.count)
            let status = inflate(&stream, Z_NO_FLUSH)
            guard status == Z_OK || status == Z_STREAM_END else { throw malformed("broken compressed data") }
            consumed += input.count - Int(stream.avail_in)
            let count = chunk.count - Int(stream.avail_out)
            produced += count
            guard produced <= size else { throw malformed("the content is longer than the \(size) bytes announced") }
            try body(UnsafeRawBufferPointer(rebasing: chunk[..<count]))
            if status == Z_STREAM_END { break }
        }
        guard produced == size else { throw malformed("\(produced) bytes instead of the \(size) announced") }
        guard consumed == packed.count else { throw malformed("bytes after the end of the compressed data") }
    }
}
