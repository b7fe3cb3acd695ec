/// The header of a safetensors file: what each tensor is and where its bytes lie.
struct SafetensorsHeader {
    struct Entry {
        let elementType: ElementType
        let layout: StridedLayout
        /// Byte offsets from the end of the header.
        let start: Int
        let end: Int
    }

    private(set) var entries: [String: Entry] = [:]
    private(set) var metadata: [String: String] = [:]

    init(_ text: UnsafeRawBufferPointer, path: String) throws {
        let header = try JSON.parse(text, path: path, base: 8)
        guard let members = header.members else {
            throw FormatError(.malformed, "the header is not a JSON object", path: path, location: "byte 8")
        }
        var seenMetadata = false
        for member in members {
            if member.key == "__metadata__" {
                guard !seenMetadata else { throw Self.duplicate(member.key, path) }
                seenMetadata = true
                metadata = try Self.metadata(member.value, path: path)
            } else {
                let entry = try Self.entry(member, path: path)
                guard entries.updateValue(entry, forKey: member.key) == nil else {
                    throw Self.duplicate(member.key, path)
                }
            }
        }
    }

    /// Checks that the tensors lie one after another and fill the data: nothing shared, nothing hidden, nothing beyond.
    func checkTiling(dataCount: Int, path: String) throws {
        var position = 0
        for (name, entry) in entries.sorted(by: { ($0.value.start, $0.value.end) < ($1.value.start, $1.value.end) }) {
            guard entry.start == position else {
                let fault = entry.start < position ? "overlaps another" : "leaves a gap"
                throw FormatError(
                    .malformed, "starts at data offset \(entry.start), \(position) expected: it \(fault)", path: path,
                    location: name)
            }
            position = entry.end
        }
        guard position <= dataCount else {
            throw FormatError(
                .truncated, "the tensors take \(position) bytes, \(dataCount) are there", path: path,
                remedy: "the file is incomplete: fetch it again")
        }
        guard position == dataCount else {
            throw FormatError(.malformed, "\(dataCount - position) bytes belong to no tensor", path: path)
        }
    }

    private static func entry(_ member: JSON.Member, path: String) throws -> Entry {
        func malformed(_ message: String) -> FormatError {
            FormatError(.malformed, message, path: path, location: member.key)
        }
        guard let fields = member.value.members else { throw malformed("not a description of a tensor") }
        var type: String?
        var shape: [Int]?
        var offsets: [Int]?
        for field in fields {
            switch field.key {
            case "dtype" where type == nil: type = field.value.string
            case "shape" where shape == nil: shape = integers(field.value)
            case "data_offsets" where offsets == nil: offsets = integers(field.value)
            default: throw malformed("unexpected or repeated field \(field.key)")
            }
        }
        guard let type, let shape, let offsets, offsets.count == 2 else {
            throw malformed("dtype (text), shape and two data_offsets (whole numbers) expected")
        }
        guard let elementType = ElementType(rawValue: type) else {
            let known = ElementType.allCases.map(\.rawValue).joined(separator: ", ")
            throw FormatError(.unsupported, "type \(type); read are \(known)", path: path, location: member.key)
        }
        guard let layout = StridedLayout(contiguous: shape) else { throw malformed("impossible shape \(shape)") }
        let (start, end) = (offsets[0], offsets[1])
        let (byteCount, overflow) = layout.elementCount.multipliedReportingOverflow(by: elementType.byteCount)
        guard start >= 0, end >= start, !overflow, end - start == byteCount else {
            throw malformed("data offsets \(start) to \(end) do not hold shape \(shape) of \(type)")
        }
        return Entry(elementType: elementType, layout: layout, start: start, end: end)
    }

    private static func integers(_ value: JSON) -> [Int]? {
        guard let elements = value.array else { return nil }
        let numbers = elements.compactMap(\.integer)
        return numbers.count == elements.count ? numbers : nil
    }

    private static func metadata(_ value: JSON, path: String) throws -> [String: String] {
        guard let members = value.members else {
            throw FormatError(.malformed, "not a JSON object", path: path, location: "__metadata__")
        }
        var metadata: [String: String] = [:]
        for member in members {
            guard let text = member.value.string else {
                throw FormatError(.malformed, "\(member.key) is not text", path: path, location: "__metadata__")
            }
            guard metadata.updateValue(text, forKey: member.key) == nil else { throw duplicate(member.key, path) }
        }
        return metadata
    }

    private static func duplicate(_ key: String, _ path: String) -> FormatError {
        FormatError(.malformed, "the key appears twice in the header", path: path, location: key)
    }
}
