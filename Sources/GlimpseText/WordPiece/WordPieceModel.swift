/// Splits words into the longest pieces of a vocabulary, from the left (Schuster and Nakajima, 2012, as used by BERT).
struct WordPieceModel: Sendable {
    /// The vocabulary, pieces inside a word with their prefix.
    var vocabulary: TokenTable
    /// The id of a word that cannot be made of pieces.
    var unknownID: Int32
    /// What pieces inside a word start with.
    var continuationPrefix: [UInt8]
    /// Longer words are unknown, in characters.
    var wordLengthLimit: Int

    /// The hash of the prefix alone, from which those of the pieces are continued.
    private let continuationHash: TokenTable.Hash

    init(
        vocabulary: TokenTable, unknownID: Int32, continuationPrefix: String = "##", wordLengthLimit: Int = 100
    ) {
        self.vocabulary = vocabulary
        self.unknownID = unknownID
        self.continuationPrefix = Array(continuationPrefix.utf8)
        self.wordLengthLimit = wordLengthLimit
        var hash = TokenTable.Hash()
        for byte in continuationPrefix.utf8 { hash.add(byte) }
        continuationHash = hash
    }

    /// Appends the ids of a word.
    ///
    /// - Parameters:
    ///   - word: UTF-8.
    ///   - characterCount: its number of Unicode scalars.
    ///   - ids: what the ids are appended to.
    ///   - hashes: scratch space.
    /// - Complexity: O(bytes · longest token).
    func append(
        _ word: UnsafeBufferPointer<UInt8>, characterCount: Int, to ids: inout [Int32],
        hashes: inout [TokenTable.Hash]
    ) {
        guard characterCount <= wordLengthLimit else { return ids.append(unknownID) }
        let firstID = ids.count
        var start = 0
        while start < word.count {
            let prefix = start == 0 ? [] : continuationPrefix
            var hash = start == 0 ? TokenTable.Hash() : continuationHash
            let longest = min(word.count - start, vocabulary.longest - prefix.count)
            hashes.removeAll(keepingCapacity: true)
            for offset in 0..<max(longest, 0) {
                hash.add(word[start + offset])
                hashes.append(hash)
            }
            var length = hashes.count
            while length > 0 {
                let piece = UnsafeBufferPointer(rebasing: word[start..<start + length])
                if let id = vocabulary.id(of: piece, prefix: prefix, hash: hashes[length - 1]) {
                    ids.append(id)
                    break
                }
                length -= 1
            }
            guard length > 0 else {
                ids.removeSubrange(firstID...)
                return ids.append(unknownID)
            }
            start += length
        }
    }
}
