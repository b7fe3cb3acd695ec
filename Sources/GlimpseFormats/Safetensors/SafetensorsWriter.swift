/// Writes safetensors files. The same content gives the same bytes: tensors and metadata are ordered, and laid out as by
/// the reference implementation (larger element types first, then by name).
public enum SafetensorsWriter {
    /// A tensor to be written. Its values may be made only when their turn comes.
    public struct Tensor {
        /// The key in the file.
        public let name: String
        /// The dimensions, outermost first.
        public let shape: [Int]
        /// The type in the file: `.f32` or `.f16` (rounded to nearest, ties to even), or `.u8` for bytes.
        public let elementType: ElementType
        let content: Content

        enum Content {
            case numbers(() throws -> [Float])
            case bytes([UInt8])
        }

        /// A tensor whose values are at hand, row-major.
        public init(name: String, shape: [Int], values: [Float], elementType: ElementType = .f32) {
            self.init(name: name, shape: shape, elementType: elementType, values: { values })
        }

        /// A tensor whose values are made when they are written, so that a large file needs the memory of one tensor.
        public init(
            name: String, shape: [Int], elementType: ElementType = .f32, values: @escaping () throws -> [Float]
        ) {
            self.name = name
            self.shape = shape
            self.elementType = elementType
            content = .numbers(values)
        }

        /// Bytes as they are.
        package init(name: String, bytes: [UInt8]) {
            self.name = name
            shape = [bytes.count]
            elementType = .u8
            content = .bytes(bytes)
        }
    }

    /// Writes a file in one step: it is there completely and durably, or not at all.
    ///
    /// - Parameter alignment: the tensors' bytes begin at a multiple of it: 8, as the reference implementation has it, or more for a
    ///   file that vector instructions will read where it is mapped.
    /// - Throws: `FormatError`: `.invalidArgument` for a repeated or reserved name, values that do not fill the shape or
    ///   another type than f32 and f16; `.inputOutput`; and what the tensors' closures throw.
    public static func write(
        _ tensors: [Tensor], metadata: [String: String] = [:], alignment: Int = 8, to path: String
    ) throws {
        let ordered = tensors.sorted {
            ($1.elementType.byteCount, $0.name) < ($0.elementType.byteCount, $1.name)
        }
        let (header, counts) = try header(ordered, metadata: metadata, alignment: alignment, path: path)
        let file = try AtomicFile(path: path)
        try withUnsafeBytes(of: UInt64(header.count).littleEndian) { try file.write($0) }
        try file.write(header)
        for (tensor, count) in zip(ordered, counts) {
            switch tensor.content {
            case .bytes(let bytes): try file.write(bytes)
            case .numbers(let numbers):
                let values = try numbers()
                guard values.count == count else {
                    throw FormatError(
                        .invalidArgument, "\(values.count) values for shape \(tensor.shape)", path: path,
                        location: tensor.name)
                }
                try write(values, as: tensor.elementType, to: file)
            }
        }
        try file.commit()
    }

    private static func header(
        _ tensors: [Tensor], metadata: [String: String], alignment: Int, path: String
    ) throws -> (bytes: [UInt8], counts: [Int]) {
        var parts: [String] = []
        if !metadata.isEmpty {
            let pairs = metadata.sorted { $0.key < $1.key }.map { "\(quoted($0.key)):\(quoted($0.value))" }
            parts.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
        }
        var position = 0
        var counts: [Int] = []
        var names: Set<String> = ["__metadata__"]
        for tensor in tensors {
            func invalid(_ message: String) -> FormatError {
                FormatError(.invalidArgument, message, path: path, location: tensor.name)
            }
            guard names.insert(tensor.name).inserted else { throw invalid("the name is reserved or given twice") }
            if case .numbers = tensor.content, tensor.elementType != .f32, tensor.elementType != .f16 {
                throw invalid("numbers are written as F32 and F16, not as \(tensor.elementType.rawValue)")
            }
            guard let layout = StridedLayout(contiguous: tensor.shape) else {
                throw invalid("impossible shape \(tensor.shape)")
            }
            let (bytes, overflow) = layout.elementCount.multipliedReportingOverflow(by: tensor.elementType.byteCount)
            let (end, carry) = position.addingReportingOverflow(bytes)
            guard !overflow, !carry else { throw invalid("impossible shape \(tensor.shape)") }
            let shape = tensor.shape.map(String.init).joined(separator: ",")
            parts.append(
                "\(quoted(tensor.name)):{\"dtype\":\"\(tensor.elementType.rawValue)\",\"shape\":[\(shape)],"
                    + "\"data_offsets\":[\(position),\(end)]}")
            position = end
            counts.append(layout.elementCount)
        }
        var header = Array("{\(parts.joined(separator: ","))}".utf8)
        header.append(
            contentsOf: repeatElement(
                UInt8(ascii: " "), count: (alignment - (8 + header.count) % alignment) % alignment))
        return (header, counts)
    }

    private static func write(_ values: [Float], as type: ElementType, to file: AtomicFile) throws {
        guard type == .f16 else { return try values.withUnsafeBytes(file.write) }
        let chunk = 1 << 16
        for start in stride(from: 0, to: values.count, by: chunk) {
            let halves = values[start..<min(start + chunk, values.count)].map {
                HalfPrecision.binary16(from: $0).littleEndian
            }
            try halves.withUnsafeBytes(file.write)
        }
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "\u{8}": result += "\\b"
            case "\u{C}": result += "\\f"
            case "\0"..<" ":
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
