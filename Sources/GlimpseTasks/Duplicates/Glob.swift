/// A pattern of paths, as shells and gitignore know them.
///
/// `*` stands for any characters of a name, `?` for one, `[a-z]` for one of a class and `[!a-z]` for any other, `**` in the place of a
/// folder for any folders, and a backslash takes the meaning from what follows. A pattern that begins with a slash is
/// matched with the whole path; any other with its end, from the beginning of a name on: `originals/**` is everything in a
/// folder of that name, wherever it is.
public struct Glob: Sendable, Hashable, CustomStringConvertible {
    /// The pattern as it was written.
    public let description: String
    private let parts: [Wildcard<[Wildcard<GlobCharacter>]>]

    /// Reads a pattern.
    ///
    /// - Throws: `TaskError` when it is empty, a class is not closed or runs backwards, or it ends in a backslash.
    public init(_ pattern: String) throws {
        guard !pattern.isEmpty else { throw TaskError(.invalidInput, "an empty pattern of paths") }
        let names = try pattern.split(separator: "/").map { name in
            name == "**" ? Wildcard.anyRun : .one(try GlobCharacter.parse(name, of: pattern))
        }
        parts = pattern.hasPrefix("/") ? names : [.anyRun] + names
        description = pattern
    }

    /// Whether a path is one of those that are meant.
    ///
    /// - Complexity: O(path · pattern).
    public func matches(_ path: String) -> Bool {
        Wildcard.matches(parts, path.split(separator: "/")) { elements, name in
            Wildcard.matches(elements, Array(name)) { $0.matches($1) }
        }
    }
}

/// An element of a pattern: something that stands for one, or `*`, which stands for any number.
private enum Wildcard<One: Sendable & Hashable>: Sendable, Hashable {
    case anyRun
    case one(One)

    /// Whether a pattern matches all of a sequence.
    ///
    /// Only the last run that was entered is ever made longer: what an earlier one could gain, that one can too.
    static func matches<Item>(_ pattern: [Wildcard], _ items: [Item], _ matchesOne: (One, Item) -> Bool) -> Bool {
        var (position, item) = (0, 0)
        var retry: (position: Int, item: Int)?
        while item < items.count {
            if position < pattern.count, case .one(let one) = pattern[position], matchesOne(one, items[item]) {
                position += 1
                item += 1
            } else if position < pattern.count, case .anyRun = pattern[position] {
                position += 1
                retry = (position, item)
            } else if let again = retry {
                retry = (again.position, again.item + 1)
                (position, item) = (again.position, again.item + 1)
            } else {
                return false
            }
        }
        return pattern[position...].allSatisfy { $0 == .anyRun }
    }
}

/// What stands for one character of a name.
private enum GlobCharacter: Sendable, Hashable {
    case any
    case literal(Character)
    case oneOf([ClosedRange<Character>], isNegated: Bool)

    func matches(_ character: Character) -> Bool {
        switch self {
        case .any: true
        case .literal(let literal): literal == character
        case .oneOf(let ranges, let isNegated): ranges.contains { $0.contains(character) } != isNegated
        }
    }

    /// Reads the pattern of a name.
    static func parse(_ name: Substring, of pattern: String) throws -> [Wildcard<GlobCharacter>] {
        var elements: [Wildcard<GlobCharacter>] = []
        var rest = name
        while let character = rest.popFirst() {
            switch character {
            case "*": elements.append(.anyRun)
            case "?": elements.append(.one(.any))
            case "[": elements.append(.one(try parseClass(&rest, of: pattern)))
            case "\\":
                guard let escaped = rest.popFirst() else {
                    throw TaskError(.invalidInput, "nothing follows the backslash in the pattern \"\(pattern)\"")
                }
                elements.append(.one(.literal(escaped)))
            default: elements.append(.one(.literal(character)))
            }
        }
        return elements
    }

    /// Reads a class after its opening bracket; a closing one that comes first is a member.
    private static func parseClass(_ rest: inout Substring, of pattern: String) throws -> GlobCharacter {
        let isNegated = rest.first == "!" || rest.first == "^"
        if isNegated { rest.removeFirst() }
        var ranges: [ClosedRange<Character>] = []
        while let first = rest.popFirst() {
            if first == "]", !ranges.isEmpty { return .oneOf(ranges, isNegated: isNegated) }
            var last = first
            if rest.first == "-", let end = rest.dropFirst().first, end != "]" {
                rest.removeFirst(2)
                last = end
            }
            guard first <= last else {
                throw TaskError(.invalidInput, "\(first)-\(last) runs backwards in the pattern \"\(pattern)\"")
            }
            ranges.append(first...last)
        }
        throw TaskError(
            .invalidInput, "a [ without its ] in the pattern \"\(pattern)\"",
            remedy: "a bracket in a name is written \\[")
    }
}
