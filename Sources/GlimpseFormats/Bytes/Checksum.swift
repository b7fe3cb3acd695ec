internal import CZlib

/// A CRC-32 of bytes as they come (ISO 3309), as zip archives have it.
package struct Checksum {
    /// The checksum of the bytes so far.
    package private(set) var value: UInt32 = 0

    /// Starts with no bytes.
    package init() {}

    /// Adds bytes.
    package mutating func add(_ bytes: UnsafeRawBufferPointer) {
        // For a null pointer zlib would answer with the initial value instead of leaving the sum as it is.
        guard !bytes.isEmpty else { return }
        value = UInt32(crc32_z(UInt(value), bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count))
    }
}
