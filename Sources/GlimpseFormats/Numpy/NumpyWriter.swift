/// Writes an .npy file of binary32 rows whose number is not known beforehand.
///
/// The header is written with room to spare and completed by `finish()`; without it no file is left. Not `Sendable`.
public final class NumpyWriter {
    /// The shape of a row.
    public let rowShape: [Int]
    /// The rows written so far.
    public private(set) var rowCount = 0
    private let rowElementCount: Int
    private let file: AtomicFile
    private let headerLength: Int

    /// Starts a file.
    ///
    /// - Parameters:
    ///   - path: where the file will be when finished.
    ///   - rowShape: the shape of a row; `[512]` for an array [N, 512], `[]` for an array [N].
    /// - Throws: `FormatError`.
    public init(path: String, rowShape: [Int]) throws {
        guard let layout = StridedLayout(contiguous: rowShape) else {
            throw FormatError(.invalidArgument, "impossible shape of a row \(rowShape)", path: path)
        }
        self.rowShape = rowShape
        rowElementCount = layout.elementCount
        // Measured with the largest count, so that the final header fits in the same place.
        let longest = 10 + Self.dictionary(rowCount: Int.max, rowShape: rowShape).utf8.count + 1
        headerLength = (longest + 63) / 64 * 64
        guard headerLength - 10 <= Int(UInt16.max) else {
            throw FormatError(.invalidArgument, "a row of \(rowShape.count) dimensions", path: path)
        }
        file = try AtomicFile(path: path)
        try file.write(header())
    }

    /// Appends rows given one after another.
    ///
    /// - Throws: `FormatError` with `.invalidArgument` when the values are not whole rows.
    public func append(_ values: [Float]) throws {
        guard rowElementCount > 0, values.count.isMultiple(of: rowElementCount) else {
            throw FormatError(
                .invalidArgument, "\(values.count) values are not whole rows of shape \(rowShape)", path: file.path)
        }
        try values.withUnsafeBytes(file.write)
        rowCount += values.count / rowElementCount
    }

    /// Completes the header and puts the file in its place.
    public func finish() throws {
        try file.rewind()
        try file.write(header())
        try file.commit()
    }

    private func header() -> [UInt8] {
        let dictionary = Self.dictionary(rowCount: rowCount, rowShape: rowShape)
        let length = UInt16(headerLength - 10)
        var bytes = NumpyFile.magic + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)]
        bytes.append(contentsOf: dictionary.utf8)
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: headerLength - bytes.count - 1))
        bytes.append(UInt8(ascii: "\n"))
        return bytes
    }

    private static func dictionary(rowCount: Int, rowShape: [Int]) -> String {
        let shape = ([rowCount] + rowShape).map(String.init)
        let tuple = shape.count == 1 ? "(\(shape[0]),)" : "(\(shape.joined(separator: ", ")))"
        return "{'descr': '<f4', 'fortran_order': False, 'shape': \(tuple), }"
    }
}
