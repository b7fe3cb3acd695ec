import Foundation

/// BERT's normalisation of text: cleaning, spaces around ideographs, accents off, lower case, in this order.
package struct BertNormalizer: Hashable, Sendable {
    /// Removes control characters and turns all white space into spaces.
    package var cleansText: Bool
    /// Puts spaces around Chinese characters.
    package var separatesChinese: Bool
    /// Decomposes and removes nonspacing marks.
    package var stripsAccents: Bool
    /// Turns to lower case, character by character.
    package var lowercases: Bool

    /// The settings of the `tokenizers` library; accents follow the case where nothing is said of them.
    package init(
        cleansText: Bool = true, separatesChinese: Bool = true, stripsAccents: Bool? = nil, lowercases: Bool = true
    ) {
        self.cleansText = cleansText
        self.separatesChinese = separatesChinese
        self.stripsAccents = stripsAccents ?? lowercases
        self.lowercases = lowercases
    }

    /// Appends the normalised text, both in UTF-8.
    ///
    /// - Complexity: O(bytes); ASCII is handled without decoding.
    package func normalize(_ bytes: UnsafeBufferPointer<UInt8>, into output: inout [UInt8]) {
        output.reserveCapacity(output.count + bytes.count + bytes.count / 4)
        // Characters beyond ASCII wait here, since decomposing puts the marks of a run in order.
        var run: [Unicode.Scalar] = []
        var position = 0
        while position < bytes.count {
            let byte = bytes[position]
            if byte < 0x80 {
                position += 1
                if let normalized = normalizeASCII(byte) {
                    flush(&run, into: &output)
                    output.append(normalized)
                }
                continue
            }
            let (scalar, length) = UTF8Scalars.scalar(in: bytes, at: position)
            position += length
            if cleansText {
                if BertCharacters.isRemoved(scalar) { continue }
                if scalar.properties.isWhitespace {
                    flush(&run, into: &output)
                    output.append(0x20)
                    continue
                }
            }
            if separatesChinese, BertCharacters.isChinese(scalar) {
                flush(&run, into: &output)
                output.append(0x20)
                run.append(scalar)
                flush(&run, into: &output)
                output.append(0x20)
            } else {
                run.append(scalar)
            }
        }
        flush(&run, into: &output)
    }

    @inline(__always)
    private func normalizeASCII(_ byte: UInt8) -> UInt8? {
        if byte < 0x20 || byte == 0x7F, cleansText {
            return byte == 0x09 || byte == 0x0A || byte == 0x0D ? 0x20 : nil
        }
        return lowercases && byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
    }

    private func flush(_ run: inout [Unicode.Scalar], into output: inout [UInt8]) {
        guard !run.isEmpty else { return }
        defer { run.removeAll(keepingCapacity: true) }
        guard stripsAccents else {
            for scalar in run { append(scalar, to: &output) }
            return
        }
        var part = String.UnicodeScalarView()
        for scalar in run {
            if BertCharacters.isDecomposable(scalar) {
                part.append(scalar)
            } else {
                appendDecomposed(&part, to: &output)
                if !BertCharacters.isNonspacingMark(scalar) { append(scalar, to: &output) }
            }
        }
        appendDecomposed(&part, to: &output)
    }

    private func appendDecomposed(_ part: inout String.UnicodeScalarView, to output: inout [UInt8]) {
        guard !part.isEmpty else { return }
        for scalar in String(part).decomposedStringWithCanonicalMapping.unicodeScalars
        where !BertCharacters.isNonspacingMark(scalar) {
            append(scalar, to: &output)
        }
        part = String.UnicodeScalarView()
    }

    private func append(_ scalar: Unicode.Scalar, to output: inout [UInt8]) {
        guard lowercases else {
            output.append(contentsOf: UTF8.encode(scalar).map(Array.init) ?? [])
            return
        }
        output.append(contentsOf: scalar.properties.lowercaseMapping.utf8)
    }
}
