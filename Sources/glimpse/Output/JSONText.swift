import Foundation

/// Values as JSON, with keys in a fixed order.
enum JSONText {
    /// One line.
    static func line(_ value: some Encodable) throws -> String { try text(value, []) }

    /// Several lines, for people.
    static func pretty(_ value: some Encodable) throws -> String { try text(value, .prettyPrinted) }

    private static func text(_ value: some Encodable, _ formatting: JSONEncoder.OutputFormatting) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = formatting.union([.sortedKeys, .withoutEscapingSlashes])
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}

/// Writes records as a JSON array, one record at a time, so that memory does not grow with the output.
struct JSONArrayWriter {
    private let output: StandardOutput
    private var isEmpty = true

    init(_ output: StandardOutput) { self.output = output }

    /// Writes one record.
    mutating func write(_ record: some Encodable) throws {
        try output.write((isEmpty ? "[\n" : ",\n") + (try JSONText.line(record)))
        isEmpty = false
    }

    /// Ends the array.
    func finish() throws { try output.write(isEmpty ? "[]\n" : "\n]\n") }
}
