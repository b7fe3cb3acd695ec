/// Byte-pair encoding: a word is cut into its smallest symbols, which are merged by rank (Sennrich et al., 2016).
struct BytePairModel: SubwordModel {
    /// What the smallest symbols are.
    enum Alphabet: Sendable {
        /// Bytes, with other tokens for a word's last one (Radford et al., 2019 and 2021): 256 ids each.
        case bytes(inner: [Int32], last: [Int32])
        /// Characters of a vocabulary.
        case characters(CharacterAlphabet)
    }

    var alphabet: Alphabet
    var merges: PairTable
    /// Words that are tokens by themselves and are not taken apart.
    var wholeWords: TokenTable?
    /// The smallest and the largest id.
    let idRange: ClosedRange<Int32>?

    init(alphabet: Alphabet, merges: PairTable, wholeWords: TokenTable? = nil) {
        self.alphabet = alphabet
        self.merges = merges
        self.wholeWords = wholeWords
        var ids = Array(merges.ids)
        switch alphabet {
        case .bytes(let inner, let last): ids += inner + last
        case .characters(let characters):
            ids += characters.byteIDs + [characters.unknownID].compactMap(\.self)
            if let range = characters.vocabulary.idRange { ids += [range.lowerBound, range.upperBound] }
        }
        if let range = wholeWords?.idRange { ids += [range.lowerBound, range.upperBound] }
        idRange = ids.min().flatMap { least in ids.max().map { least...$0 } }
    }

    func makeWorkspace() -> MergeEngine { MergeEngine() }

    func append(_ word: UnsafeBufferPointer<UInt8>, to ids: inout [Int32], workspace: inout MergeEngine) {
        guard !word.isEmpty else { return }
        if let wholeWords {
            var hash = TokenTable.Hash()
            for byte in word { hash.add(byte) }
            if let id = wholeWords.id(of: word, hash: hash) { return ids.append(id) }
        }
        workspace.symbols.removeAll(keepingCapacity: true)
        switch alphabet {
        case .bytes(let inner, let last):
            for byte in word.dropLast() { workspace.symbols.append(inner[Int(byte)]) }
            workspace.symbols.append(last[Int(word[word.count - 1])])
        case .characters(let characters): characters.append(word, to: &workspace.symbols)
        }
        workspace.merge(with: merges)
        ids.append(contentsOf: workspace.symbols)
    }
}

/// The smallest symbols of a byte-pair model over characters, and what becomes of characters it does not have.
struct CharacterAlphabet: Sendable {
    var vocabulary: TokenTable
    /// What a word's last character carries.
    var suffix: [UInt8]
    /// The ids of `<0x00>` to `<0xFF>`, −1 where there is none; empty where bytes stand for no character.
    var byteIDs: [Int32]
    var unknownID: Int32?
    /// Whether unknown characters in a row are one token.
    var fusesUnknown: Bool

    /// Appends the symbols of a word. An unknown token waits for the next known character, as in the library.
    fileprivate func append(_ word: UnsafeBufferPointer<UInt8>, to symbols: inout [Int32]) {
        var unknownWaits = false
        var position = 0
        while position < word.count {
            let length = UTF8Scalars.scalar(in: word, at: position).length
            let character = UnsafeBufferPointer(rebasing: word[position..<position + length])
            position += length
            let isLast = position == word.count
            if let id = id(of: character, isLast: isLast) {
                if unknownWaits, let unknownID { symbols.append(unknownID) }
                unknownWaits = false
                symbols.append(id)
            } else if let ids = byteFallback(character, isLast: isLast) {
                symbols += ids
            } else {
                if unknownWaits, !fusesUnknown, let unknownID { symbols.append(unknownID) }
                unknownWaits = true
            }
        }
        if unknownWaits, let unknownID { symbols.append(unknownID) }
    }

    private func id(of character: UnsafeBufferPointer<UInt8>, isLast: Bool) -> Int32? {
        guard isLast, !suffix.isEmpty else {
            var hash = TokenTable.Hash()
            for byte in character { hash.add(byte) }
            return vocabulary.id(of: character, hash: hash)
        }
        return vocabulary.id(of: Array(character) + suffix)
    }

    private func byteFallback(_ character: UnsafeBufferPointer<UInt8>, isLast: Bool) -> [Int32]? {
        guard !byteIDs.isEmpty else { return nil }
        let ids = (Array(character) + (isLast ? suffix : [])).map { byteIDs[Int($0)] }
        return ids.contains { $0 < 0 } ? nil : ids
    }
}
