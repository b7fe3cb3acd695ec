/// A step that splits normalised text into the words a subword model sees: a pre-tokeniser of `tokenizers`.
enum WordSplitter: Hashable, Sendable {
    /// CLIP's pattern.
    case clip(CLIPWords)
    /// Words are what white space separates.
    case whitespace
    /// Words are what a text ends, which stays with the word before it.
    case endedBy([UInt8])
    /// SentencePiece's marks of spaces.
    case metaspace(Metaspace)

    /// Spaces become marks, and a mark starts a word.
    struct Metaspace: Hashable, Sendable {
        /// When a mark is put before text that does not start with one.
        enum Prefix: String { case always, first, never }

        /// What replaces a space.
        var mark: [UInt8]
        var prefix: Prefix
        /// Whether each mark starts a word of its own.
        var splits: Bool
    }

    /// Passes the words on; `body` returns false to stop.
    ///
    /// - Parameter isFirst: whether the text is the beginning of what the user gave.
    /// - Returns: false when `body` stopped.
    func split(
        _ bytes: UnsafeBufferPointer<UInt8>, isFirst: Bool, _ body: (UnsafeBufferPointer<UInt8>) -> Bool
    ) -> Bool {
        guard !bytes.isEmpty else { return true }
        switch self {
        case .clip(let words): return words.split(bytes, body)
        case .whitespace: return Self.splitAtWhitespace(bytes, body)
        case .endedBy(let separator): return Self.split(bytes, behind: separator, body)
        case .metaspace(let metaspace):
            let marked = metaspace.marked(bytes, isFirst: isFirst)
            return marked.withUnsafeBufferPointer { marked in
                metaspace.splits ? Self.split(marked, before: metaspace.mark, body) : body(marked)
            }
        }
    }

    private static func splitAtWhitespace(
        _ bytes: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Bool
    ) -> Bool {
        var start = 0
        var position = 0
        while position < bytes.count {
            let (scalar, length) = UTF8Scalars.scalar(in: bytes, at: position)
            if scalar.properties.isWhitespace {
                if start < position, !body(UnsafeBufferPointer(rebasing: bytes[start..<position])) { return false }
                start = position + length
            }
            position += length
        }
        return start == position || body(UnsafeBufferPointer(rebasing: bytes[start...]))
    }

    private static func split(
        _ bytes: UnsafeBufferPointer<UInt8>, behind separator: [UInt8],
        _ body: (UnsafeBufferPointer<UInt8>) -> Bool
    ) -> Bool {
        var start = 0
        var position = 0
        while position < bytes.count {
            if bytes[position...].starts(with: separator) {
                position += separator.count
                guard body(UnsafeBufferPointer(rebasing: bytes[start..<position])) else { return false }
                start = position
            } else {
                position += 1
            }
        }
        return start == position || body(UnsafeBufferPointer(rebasing: bytes[start...]))
    }

    private static func split(
        _ bytes: UnsafeBufferPointer<UInt8>, before mark: [UInt8], _ body: (UnsafeBufferPointer<UInt8>) -> Bool
    ) -> Bool {
        var start = 0
        var position = 0
        while position < bytes.count {
            if bytes[position...].starts(with: mark) {
                if start < position, !body(UnsafeBufferPointer(rebasing: bytes[start..<position])) { return false }
                start = position
                position += mark.count
            } else {
                position += 1
            }
        }
        return start == position || body(UnsafeBufferPointer(rebasing: bytes[start...]))
    }
}

extension WordSplitter.Metaspace {
    fileprivate func marked(_ bytes: UnsafeBufferPointer<UInt8>, isFirst: Bool) -> [UInt8] {
        var marked: [UInt8] = []
        marked.reserveCapacity(bytes.count + 8)
        let needsPrefix = prefix == .always || prefix == .first && isFirst
        if needsPrefix, bytes.first != 0x20, !bytes.starts(with: mark) { marked += mark }
        for byte in bytes {
            if byte == 0x20 { marked += mark } else { marked.append(byte) }
        }
        return marked
    }
}
