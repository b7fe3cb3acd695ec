/// The pieces of a unigram model, to be found by their bytes.
struct PieceTable: Sendable {
    /// The number of a piece by its text, of equal texts the last one's.
    let trie: ByteTrie
    /// The logarithms of their probabilities.
    let scores: [Double]
    /// Their ids.
    let ids: [Int32]

    /// Puts pieces in a table; empty ones are not found.
    init(_ pieces: [UnigramModel.Piece]) {
        var trie = ByteTrie()
        for (number, piece) in pieces.enumerated() where !piece.text.isEmpty {
            trie.insert(piece.text, number: Int32(number))
        }
        self.trie = trie
        scores = pieces.map(\.score)
        ids = pieces.map(\.id)
    }

    /// The number of pieces.
    var count: Int { ids.count }

    /// The id of a piece.
    func id(of text: some Sequence<UInt8>) -> Int32? {
        var node: Int32 = 0
        for byte in text {
            guard let next = trie.child(of: node, byte) else { return nil }
            node = next
        }
        let number = trie.number(at: node)
        return number < 0 ? nil : ids[Int(number)]
    }
}

extension PieceTable {
    /// Takes the table of a name from a file.
    ///
    /// - Throws: `FormatError` where there is none that a look-up can rely on.
    init(_ name: String, in file: TableReader) throws {
        scores = try file.array("\(name).scores")
        ids = try file.array("\(name).ids")
        try file.require(scores.count == ids.count, name)
        trie = try ByteTrie(name, numbersBelow: ids.count, in: file)
    }

    /// Adds the table to a file.
    func write(_ name: String, to file: inout TableWriter) {
        file.add("\(name).scores", scores)
        file.add("\(name).ids", ids)
        trie.write(name, to: &file)
    }
}
