import Foundation
import GlimpseDigest

/// Where things lie in a file of vectors: a header, the content ids, and the rows; in a large file the rows rounded to 8 bits and their
/// scales before them. Rows begin at multiples of 64 bytes.
struct VectorFileLayout {
    static let idsOffset = VectorFileHeader.byteCount

    let count: Int
    let stride: Int
    let quantizedStride: Int

    init(count: Int, dimension: Int) {
        self.count = count
        stride = VectorSegment.stride(ofDimension: dimension)
        quantizedStride = QuantizedRows.stride(ofDimension: dimension)
    }

    var isQuantized: Bool { count >= QuantizedRows.leastCount }
    var scalesOffset: Int { Self.idsOffset + 8 * count }
    var quantizedOffset: Int { Self.aligned(scalesOffset + (isQuantized ? 4 * count : 0)) }
    var rowsOffset: Int { quantizedOffset + (isQuantized ? count * quantizedStride : 0) }
    var byteCount: Int { rowsOffset + count * rowByteCount }
    var rowByteCount: Int { 4 * stride }

    private static func aligned(_ offset: Int) -> Int { (offset + 63) / 64 * 64 }
}

/// The first bytes of a file of vectors.
///
/// Numbers are in the byte order of the machine, so that a file from a machine of the other order is not recognised:
///
///     0  8 bytes  "GLIMPVEC"        40  16 bytes  the library
///     8  UInt32   version, 2        56  32 bytes  SHA-256 of the model's fingerprint
///    12  UInt32   dimension         88  Float     the largest error of a rounded row
///    16  Int64    count             92  4 bytes   zero
///    24  Int64    generation        96  32 bytes  SHA-256 of bytes 0–95 and the content ids
///    32  Int64    last embedding id
struct VectorFileHeader: Equatable {
    static let byteCount = 128
    private static let magic = Array("GLIMPVEC".utf8)
    private static let formatVersion: UInt32 = 2

    let library: [UInt8]
    let modelFingerprint: String
    let dimension: Int
    let count: Int
    let version: VectorVersion
    /// See `QuantizedRows.error`; zero where there are none.
    let quantizationError: Float

    /// The bytes of the header for these content ids.
    func encoded(contentIDs: UnsafeRawBufferPointer) -> [UInt8] {
        var bytes = Self.magic
        func append(_ number: some Any) { withUnsafeBytes(of: number) { bytes.append(contentsOf: $0) } }
        append(Self.formatVersion)
        append(UInt32(truncatingIfNeeded: dimension))
        append(Int64(count))
        append(version.generation)
        append(version.lastEmbeddingID)
        bytes.append(contentsOf: library)
        bytes.append(contentsOf: Digest.of(Data(modelFingerprint.utf8)))
        append(quantizationError)
        append(UInt32(0))
        var digest = Digest()
        digest.update(bytes)
        digest.update(contentIDs)
        return bytes + digest.bytes
    }

    /// Reads the header of a whole file; nil when there is any doubt that it holds the vectors of this model of this library.
    init?(of file: UnsafeRawBufferPointer, library: [UInt8], modelFingerprint: String, dimension: Int) {
        guard file.count >= Self.byteCount else { return nil }
        let count = file.loadUnaligned(fromByteOffset: 16, as: Int64.self)
        // Checked first: a count that is too large would overflow the layout.
        guard count > 0, count <= file.count / 8 else { return nil }
        let layout = VectorFileLayout(count: Int(count), dimension: dimension)
        guard layout.byteCount == file.count else { return nil }
        self.init(
            library: library, modelFingerprint: modelFingerprint, dimension: dimension, count: Int(count),
            version: VectorVersion(
                generation: file.loadUnaligned(fromByteOffset: 24, as: Int64.self),
                lastEmbeddingID: file.loadUnaligned(fromByteOffset: 32, as: Int64.self)),
            quantizationError: file.loadUnaligned(fromByteOffset: 88, as: Float.self))
        let ids = UnsafeRawBufferPointer(rebasing: file[Self.byteCount..<(Self.byteCount + 8 * Int(count))])
        guard encoded(contentIDs: ids).elementsEqual(file[..<Self.byteCount]) else { return nil }
    }

    init(
        library: [UInt8], modelFingerprint: String, dimension: Int, count: Int, version: VectorVersion,
        quantizationError: Float
    ) {
        self.library = library
        self.modelFingerprint = modelFingerprint
        self.dimension = dimension
        self.count = count
        self.version = version
        self.quantizationError = quantizationError
    }
}
