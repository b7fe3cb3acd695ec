/// An array in NumPy's format, memory-mapped (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
public struct NumpyFile: Sendable {
    static let magic: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]

    /// The array; its name is empty.
    public let array: StoredTensor

    /// Maps a file of format 1.0, 2.0 or 3.0 and checks that its data is exactly what its header says.
    ///
    /// Little-endian numbers, in C or Fortran order.
    /// - Throws: `FormatError`.
    public init(path: String) throws {
        let file = try MappedFile(path: path)
        let (header, start) = try file.withUnsafeBytes { bytes in
            var reader = ByteReader(bytes, path: path)
            let magic = try reader.take(Self.magic.count)
            guard magic.elementsEqual(Self.magic) else {
                throw FormatError(.malformed, "not an .npy file", path: path, location: "byte 0")
            }
            let major = try reader.byte()
            let minor = try reader.byte()
            guard (1...3).contains(major), minor == 0 else {
                throw FormatError(.unsupported, "format \(major).\(minor)", path: path, location: "byte 6")
            }
            let length = major == 1 ? Int(try reader.integer(UInt16.self)) : Int(try reader.integer(UInt32.self))
            let base = reader.position
            let header = try NumpyHeader(try reader.take(length), path: path, base: base)
            return (header, reader.position)
        }
        let count = header.layout.elementCount.multipliedReportingOverflow(by: header.elementType.byteCount)
        guard !count.overflow else {
            throw FormatError(.malformed, "impossible shape \(header.layout.shape)", path: path)
        }
        guard let data = ByteRegion(file).part(offset: start, count: count.partialValue) else {
            throw FormatError(
                .truncated, "\(count.partialValue) bytes of data expected, \(file.count - start) are there", path: path,
                remedy: "the file is incomplete: write or fetch it again")
        }
        guard start + count.partialValue == file.count else {
            throw FormatError(
                .malformed, "\(file.count - start - count.partialValue) bytes after the array", path: path)
        }
        array = StoredTensor(
            name: "", elementType: header.elementType, path: path, layout: header.layout, storage: { data })
    }
}
