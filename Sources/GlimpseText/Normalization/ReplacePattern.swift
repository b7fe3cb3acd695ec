/// What a Replace normaliser looks for: a text, or a regular expression of a single character class and a count,
/// such as `\s+`, ` {2,}` or `[!-/:-@]`.
struct ReplacePattern: Hashable, Sendable {
    private enum Element: Hashable, Sendable {
        case text([UInt8])
        case characters(members: [ClosedRange<UInt32>], includesSpace: Bool, isNegated: Bool, least: Int, isRun: Bool)
    }

    private let element: Element

    /// `\s+`.
    static let whitespace = ReplacePattern(
        element: .characters(members: [], includesSpace: true, isNegated: false, least: 1, isRun: true))

    private init(element: Element) { self.element = element }

    /// Looks for a text.
    init(text: String) { element = .text(Array(text.utf8)) }

    /// Reads a regular expression; nil where it is more than a class and a count.
    init?(expression: String) {
        var rest = Substring(expression).unicodeScalars[...]
        var members: [ClosedRange<UInt32>] = []
        var includesSpace = false
        var isNegated = false
        guard let first = rest.popFirst() else { return nil }
        switch first {
        case "[":
            if rest.first == "^" {
                isNegated = true
                rest.removeFirst()
            }
            var isClosed = false
            while let scalar = rest.popFirst() {
                if scalar == "]", !members.isEmpty || includesSpace {
                    isClosed = true
                    break
                }
                var lower = scalar
                if scalar == "[" || scalar == "&" && rest.first == "&" { return nil }
                if scalar == "\\" {
                    guard let escaped = rest.popFirst() else { return nil }
                    if escaped == "s" {
                        includesSpace = true
                        continue
                    }
                    guard let literal = Self.literal(escaped) else { return nil }
                    lower = literal
                }
                var upper = lower
                if rest.first == "-", let end = rest.dropFirst().first, end != "]" {
                    rest.removeFirst(2)
                    upper = end
                    if end == "\\" {
                        guard let literal = rest.popFirst().flatMap(Self.literal) else { return nil }
                        upper = literal
                    }
                }
                guard lower.value <= upper.value else { return nil }
                members.append(lower.value...upper.value)
            }
            guard isClosed else { return nil }
        case "\\":
            guard let escaped = rest.popFirst() else { return nil }
            if escaped == "s" {
                includesSpace = true
            } else {
                guard let literal = Self.literal(escaped) else { return nil }
                members = [literal.value...literal.value]
            }
        case ".", "^", "$", "(", ")", "|", "*", "+", "?", "{": return nil
        default: members = [first.value...first.value]
        }
        let least: Int
        switch String(rest) {
        case "": least = 0
        case "+": least = 1
        case let count where count.hasPrefix("{") && count.hasSuffix(",}"):
            guard let number = Int(count.dropFirst().dropLast(2)), number > 0 else { return nil }
            least = number
        default: return nil
        }
        element = .characters(
            members: members, includesSpace: includesSpace, isNegated: isNegated, least: max(least, 1), isRun: least > 0
        )
    }

    /// The character an escape stands for; nil for classes, anchors and what else has a meaning of its own.
    private static func literal(_ escaped: Unicode.Scalar) -> Unicode.Scalar? {
        switch escaped {
        case "n": "\n"
        case "r": "\r"
        case "t": "\t"
        case "a"..."z", "A"..."Z", "0"..."9": nil
        default: escaped
        }
    }

    /// The text with every match replaced.
    ///
    /// - Complexity: O(bytes).
    func replace(in text: [UInt8], by replacement: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        text.withUnsafeBufferPointer { bytes in
            var position = 0
            while position < bytes.count {
                let end = matchEnd(in: bytes, at: position)
                if end > position, isMatch(bytes, from: position, to: end) {
                    result += replacement
                    position = end
                } else {
                    let stop = max(end, position + UTF8Scalars.scalar(in: bytes, at: position).length)
                    result += bytes[position..<stop]
                    position = stop
                }
            }
        }
        return result
    }

    /// Where what may match from here ends; the position itself where nothing does.
    private func matchEnd(in bytes: UnsafeBufferPointer<UInt8>, at position: Int) -> Int {
        switch element {
        case .text(let text):
            return !text.isEmpty && bytes[position...].starts(with: text) ? position + text.count : position
        case .characters(let members, let includesSpace, let isNegated, _, let isRun):
            var end = position
            while end < bytes.count {
                let (scalar, length) = UTF8Scalars.scalar(in: bytes, at: end)
                let isMember =
                    members.contains { $0.contains(scalar.value) } || includesSpace && scalar.properties.isWhitespace
                guard isMember != isNegated else { break }
                end += length
                if !isRun { break }
            }
            return end
        }
    }

    private func isMatch(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int) -> Bool {
        guard case .characters(_, _, _, let least, _) = element, least > 1 else { return true }
        return bytes[start..<end].count { $0 & 0xC0 != 0x80 } >= least
    }
}
