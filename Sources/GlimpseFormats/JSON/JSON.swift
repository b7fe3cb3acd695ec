/// A JSON value that keeps what matters in files of models: the order of members, duplicates among them, exact integers,
/// and strings that differ only in normalisation.
package enum JSON: Sendable {
    /// `null`.
    case null
    /// `true` or `false`.
    case boolean(Bool)
    /// A number without fraction or exponent that fits.
    case integer(Int)
    /// Any other number.
    case real(Double)
    /// Text.
    case string(String)
    /// Values in order.
    case array([JSON])
    /// Members in order, duplicates included.
    case object([Member])

    /// A key and its value.
    package struct Member: Sendable {
        /// The key.
        package let key: String
        /// The value.
        package let value: JSON

        /// Joins a key and its value.
        package init(key: String, value: JSON) {
            self.key = key
            self.value = value
        }
    }

    /// The value of an object's last member of that key; nil for other kinds and keys.
    package subscript(_ key: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.last { $0.key == key }?.value
    }

    /// Whether it is `null`.
    package var isNull: Bool {
        if case .null = self { true } else { false }
    }

    /// The text of a string.
    package var string: String? {
        if case .string(let value) = self { value } else { nil }
    }

    /// The value of an integer.
    package var integer: Int? {
        if case .integer(let value) = self { value } else { nil }
    }

    /// The value of a boolean.
    package var boolean: Bool? {
        if case .boolean(let value) = self { value } else { nil }
    }

    /// The elements of an array.
    package var array: [JSON]? {
        if case .array(let value) = self { value } else { nil }
    }

    /// The members of an object.
    package var members: [Member]? {
        if case .object(let value) = self { value } else { nil }
    }
}

extension JSON {
    /// How many values are built at most where nobody says otherwise.
    package static let valueLimit = 8_000_000

    /// Parses a document strictly (RFC 8259).
    ///
    /// - Parameters:
    ///   - bytes: the UTF-8 text.
    ///   - path: the file, for errors.
    ///   - base: where the text starts in the file, for errors.
    ///   - valueLimit: how many values are built at most.
    /// - Throws: `FormatError` with `.malformed`, or `.tooLarge` beyond the limit.
    /// - Complexity: O(bytes); nesting beyond 64 levels is refused.
    package static func parse(
        _ bytes: UnsafeRawBufferPointer, path: String, base: Int = 0, valueLimit: Int = JSON.valueLimit
    ) throws -> JSON {
        var parser = JSONParser(bytes: bytes, path: path, base: base, valuesLeft: valueLimit)
        return try parser.document()
    }
}
