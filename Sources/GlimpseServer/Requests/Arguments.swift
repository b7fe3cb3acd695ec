import Foundation
package import GlimpseFormats

/// What a request asks for, whichever way it was sent: a query string, a form, or members of JSON.
///
/// Values of query strings and forms are texts and are read as what is expected; values of JSON must be of the kind that is expected.
package struct Arguments: Sendable {
    private var values: [String: [JSON]] = [:]
    /// The names whose values came as text.
    private var texts: Set<String> = []

    /// No arguments.
    package init() {}

    /// Adds a value that came as text.
    package mutating func add(_ text: String, for name: String) {
        values[name, default: []].append(.string(text))
        texts.insert(name)
    }

    /// Takes the members of an object; those that are null count as missing.
    package mutating func take(_ members: [JSON.Member]) {
        for member in members {
            texts.remove(member.key)
            if case .null = member.value {
                values[member.key] = nil
            } else {
                values[member.key] = member.value.array ?? [member.value]
            }
        }
    }

    /// Refuses what would be read over: a name that is misspelt would else change nothing, and nobody would know.
    ///
    /// - Throws: `ServerError` `invalidInput` that names the first that is unknown.
    package func requireKnown(_ known: Set<String>) throws {
        guard let unknown = values.keys.filter({ !known.contains($0) }).min() else { return }
        throw ServerError(
            .invalidInput, "\"\(unknown.prefix(100))\" means nothing here",
            remedy: "known: \(known.sorted().joined(separator: ", "))")
    }

    /// Whether the values of a name came in an address or a form, and not as JSON.
    package func isText(_ name: String) -> Bool { texts.contains(name) }

    /// All values of a name as they are.
    package func all(_ name: String) -> [JSON] { values[name] ?? [] }

    /// One text; nil when there is none.
    package func string(_ name: String) throws -> String? {
        try one(name).map { value in
            guard let text = value.string else { throw Self.unexpected(name, "a string") }
            return text
        }
    }

    /// One text.
    package func requiredString(_ name: String) throws -> String {
        guard let text = try string(name), !text.isEmpty else {
            throw ServerError(.invalidInput, "\(name): missing")
        }
        return text
    }

    /// All texts.
    package func strings(_ name: String) throws -> [String] {
        try all(name).map { value in
            guard let text = value.string else { throw Self.unexpected(name, "a list of strings") }
            return text
        }
    }

    /// One whole number in a range.
    package func integer(_ name: String, in range: ClosedRange<Int>, otherwise standard: Int) throws -> Int {
        guard let value = try one(name) else { return standard }
        let expected = "a whole number from \(range.lowerBound) to \(range.upperBound)"
        guard let number = value.integer ?? value.string.flatMap({ Int($0) }), range.contains(number) else {
            throw Self.unexpected(name, expected)
        }
        return number
    }

    /// One number; nil when there is none.
    package func number(_ name: String) throws -> Double? {
        try one(name).map { value in
            let number: Double? =
                switch value {
                case .integer(let number): Double(number)
                case .real(let number): number
                case .string(let text): Double(text)
                default: nil
                }
            guard let number, number.isFinite else { throw Self.unexpected(name, "a number") }
            return number
        }
    }

    /// One truth; false when there is none.
    package func boolean(_ name: String) throws -> Bool {
        guard let value = try one(name) else { return false }
        if let truth = value.boolean { return truth }
        switch value.string?.lowercased() {
        case "true", "1", "": return true
        case "false", "0": return false
        default: throw Self.unexpected(name, "true or false")
        }
    }

    /// One of some texts; nil when there is none.
    package func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: String, _ type: Choice.Type
    ) throws -> Choice? where Choice.RawValue == String {
        try string(name).map { text in
            guard let choice = Choice(rawValue: text) else {
                let known = Choice.allCases.map(\.rawValue).joined(separator: ", ")
                throw Self.unexpected(name, "one of \(known)")
            }
            return choice
        }
    }

    private func one(_ name: String) throws -> JSON? {
        let all = all(name)
        guard all.count <= 1 else { throw Self.unexpected(name, "one value, found \(all.count)") }
        return all.first
    }

    private static func unexpected(_ name: String, _ what: String) -> ServerError {
        ServerError(.invalidInput, "\(name): expected \(what)")
    }
}
