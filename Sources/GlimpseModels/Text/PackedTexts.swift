package import GlimpseTensor

/// Texts as the rows of one tensor, a row a token.
///
/// Where a token sees only those before it, texts that begin alike are alike in all that is computed of their beginnings: "a photo of
/// a cat" and "a photo of a dog" share the rows of "a photo of a". So do texts that are the same.
package struct PackedTexts {
    /// The token of each row.
    package private(set) var ids: [Int] = []
    /// The position of each row in its text.
    package private(set) var positions: [Int] = []
    /// The rows of each text.
    package private(set) var sequences: [SequenceRows]

    /// Packs texts.
    ///
    /// - Parameters:
    ///   - texts: B texts as token ids.
    ///   - sharesBeginnings: whether a token sees only those before it.
    /// - Complexity: O(B · log B) comparisons of texts.
    package init(_ texts: [[Int32]], sharesBeginnings: Bool) {
        sequences = Array(repeating: SequenceRows(own: 0..<0), count: texts.count)
        // Of the texts before it in this order, none has more in common with a text than the last. A text that is another's beginning
        // comes before it.
        let order =
            sharesBeginnings
            ? texts.indices.sorted { texts[$0].lexicographicallyPrecedes(texts[$1]) } : Array(texts.indices)
        var previous: Int?
        for index in order {
            let text = texts[index]
            var shared: [Int] = []
            if sharesBeginnings, let previous {
                let common = zip(text, texts[previous]).prefix { $0 == $1 }.count
                shared = (0..<common).map { sequences[previous][$0] }
            }
            sequences[index] = SequenceRows(
                shared: shared, own: ids.count..<(ids.count + text.count - shared.count))
            ids += text[shared.count...].map(Int.init)
            positions += shared.count..<text.count
            previous = index
        }
    }
}
