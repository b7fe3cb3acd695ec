/// A tensor in a file: its name, type and shape are known, its numbers are read when asked for.
public struct StoredTensor: Sendable {
    /// The key in the file.
    public let name: String
    /// The type of the numbers in the file.
    public let elementType: ElementType
    /// The dimensions, outermost first; empty for a scalar.
    public var shape: [Int] { layout.shape }
    /// The product of the shape.
    public var elementCount: Int { layout.elementCount }

    let path: String
    let layout: StridedLayout
    /// Fetches the storage the layout indexes; checks sums and decompresses where the file calls for it.
    let storage: @Sendable () throws -> ByteRegion

    /// The numbers as binary32, row-major. Integers beyond ±2²⁴ and doubles are rounded.
    ///
    /// - Throws: `FormatError` when the bytes cannot be had: a wrong checksum, a broken compressed entry.
    /// - Complexity: O(elements); binary32 that lies contiguous is one copy.
    public func floats() throws -> [Float] {
        try withUnsafeBytes { bytes in
            [Float](unsafeUninitializedCapacity: elementCount) { buffer, count in
                ElementConversion.widen(bytes, as: elementType, into: buffer)
                count = elementCount
            }
        }
    }

    /// The numbers where they lie in a mapped file, without a copy; nil where they are not aligned binary32 in row-major order.
    ///
    /// They are readable as long as the file that is given with them lives.
    package func mappedFloats() throws -> (start: UnsafePointer<Float>, file: MappedFile)? {
        guard elementType == .f32, layout.isContiguous, elementCount > 0, let mapping = try storage().mapping else {
            return nil
        }
        let start = mapping.start + layout.offset * elementType.byteCount
        guard Int(bitPattern: start).isMultiple(of: MemoryLayout<Float>.alignment) else { return nil }
        return (start.assumingMemoryBound(to: Float.self), mapping.file)
    }

    /// Gives the elements' bytes, little-endian and row-major, without a copy where they lie so in the file; they need
    /// not be aligned and must not be used after `body` returns.
    ///
    /// - Throws: what `body` throws, and `FormatError` when the bytes cannot be had.
    public func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) throws -> Result {
        let region = try storage()
        let elementSize = elementType.byteCount
        return try region.withUnsafeBytes { bytes in
            if layout.isContiguous {
                let start = layout.elementCount == 0 ? 0 : layout.offset * elementSize
                return try body(UnsafeRawBufferPointer(rebasing: bytes[start..<start + elementCount * elementSize]))
            }
            let gathered = [UInt8](unsafeUninitializedCapacity: elementCount * elementSize) { buffer, count in
                layout.gather(from: bytes, into: UnsafeMutableRawBufferPointer(buffer), elementSize: elementSize)
                count = elementCount * elementSize
            }
            return try gathered.withUnsafeBytes(body)
        }
    }
}

/// Reads stored numbers as binary32.
enum ElementConversion {
    static func widen(
        _ bytes: UnsafeRawBufferPointer, as type: ElementType, into output: UnsafeMutableBufferPointer<Float>
    ) {
        switch type {
        case .f32: UnsafeMutableRawBufferPointer(output).copyMemory(from: bytes)
        case .f64: convert(bytes, Double.self, output) { Float($0) }
        case .f16: convert(bytes, UInt16.self, output) { HalfPrecision.float(fromBinary16: UInt16(littleEndian: $0)) }
        case .bf16: convert(bytes, UInt16.self, output) { HalfPrecision.float(fromBfloat16: UInt16(littleEndian: $0)) }
        case .i64: convert(bytes, Int64.self, output) { Float($0) }
        case .i32: convert(bytes, Int32.self, output) { Float($0) }
        case .i16: convert(bytes, Int16.self, output) { Float($0) }
        case .i8: convert(bytes, Int8.self, output) { Float($0) }
        case .u8: convert(bytes, UInt8.self, output) { Float($0) }
        case .bool: convert(bytes, UInt8.self, output) { $0 == 0 ? 0 : 1 }
        }
    }

    @inline(__always)
    private static func convert<Stored: BitwiseCopyable>(
        _ bytes: UnsafeRawBufferPointer, _: Stored.Type, _ output: UnsafeMutableBufferPointer<Float>,
        _ transform: (Stored) -> Float
    ) {
        for index in output.indices {
            let stored = bytes.loadUnaligned(fromByteOffset: index * MemoryLayout<Stored>.size, as: Stored.self)
            output[index] = transform(stored)
        }
    }
}
