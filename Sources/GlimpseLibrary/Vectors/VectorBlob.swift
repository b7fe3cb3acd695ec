import Foundation
import GRDB

/// A vector as SQLite stores it: 32-bit floats, the low byte first.
enum VectorBlob {
    private static let hostIsLittleEndian = Int32(1).littleEndian == 1

    static func encode(_ values: [Float]) -> Data {
        guard hostIsLittleEndian else {
            return values.map(\.bitPattern.littleEndian).withUnsafeBytes { Data($0) }
        }
        return values.withUnsafeBytes { Data($0) }
    }

    /// Writes the vector to `row`.
    ///
    /// - Throws: `DatabaseError` with code `SQLITE_CORRUPT` when the blob is not exactly as long as the row.
    static func decode(_ blob: Data?, into row: UnsafeMutableBufferPointer<Float>) throws {
        guard let blob, blob.count == row.count * MemoryLayout<Float>.stride else {
            throw DatabaseError(
                resultCode: .SQLITE_CORRUPT,
                message: "a vector has \(blob?.count ?? 0) bytes where 4 · \(row.count) are expected")
        }
        _ = blob.copyBytes(to: UnsafeMutableRawBufferPointer(row))
        guard hostIsLittleEndian else {
            for index in row.indices { row[index] = Float(bitPattern: row[index].bitPattern.byteSwapped) }
            return
        }
    }
}
