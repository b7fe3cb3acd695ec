/// The most probable pieces of a text under a unigram language model (Kudo, 2018), found with Viterbi's algorithm.
struct UnigramModel: SubwordModel {
    /// A piece of the vocabulary.
    struct Piece: Hashable, Sendable {
        var text: [UInt8]
        /// The logarithm of its probability.
        var score: Double
        var id: Int32
    }

    /// What the best way to a position is.
    struct Node {
        var score = 0.0
        var start = -1
        /// The number of the piece that ends here; −1 for an unknown character.
        var piece: Int32 = -1
    }

    /// The id of what no piece covers.
    let unknownID: Int32
    /// The ids of `<0x00>` to `<0xFF>`, which stand for unknown characters; empty where there are none.
    let byteIDs: [Int32]
    /// Whether scores are summed in 32 bits, as SentencePiece does, or in 64, as the `tokenizers` library does.
    let usesSinglePrecision: Bool
    let idRange: ClosedRange<Int32>?

    private let pieces: PieceTable
    private let unknownScore: Double
    /// Pieces below the least probable one an unknown character is.
    private static let unknownPenalty = 10.0

    /// - Parameters:
    ///   - pieces: those that are looked for.
    ///   - leastScore: the score unknown characters are compared with.
    init(
        pieces: PieceTable, leastScore: Double, unknownID: Int32, byteIDs: [Int32], usesSinglePrecision: Bool = false
    ) {
        self.pieces = pieces
        unknownScore = leastScore - Self.unknownPenalty
        self.unknownID = unknownID
        self.byteIDs = byteIDs
        self.usesSinglePrecision = usesSinglePrecision
        let all = pieces.ids + byteIDs + [unknownID]
        idRange = all.min().flatMap { least in all.max().map { least...$0 } }
    }

    func makeWorkspace() -> [Node] { [] }

    /// - Complexity: O(bytes · longest piece).
    func append(_ word: UnsafeBufferPointer<UInt8>, to ids: inout [Int32], workspace nodes: inout [Node]) {
        nodes.removeAll(keepingCapacity: true)
        nodes.append(contentsOf: repeatElement(Node(), count: word.count + 1))
        var start = 0
        while start < word.count {
            let length = UTF8Scalars.scalar(in: word, at: start).length
            var isCovered = false
            var node: Int32 = 0
            var end = start
            while end < word.count, let next = pieces.trie.child(of: node, word[end]) {
                node = next
                end += 1
                let piece = pieces.trie.number(at: node)
                guard piece >= 0 else { continue }
                relax(&nodes, from: start, to: end, score: pieces.scores[Int(piece)], piece: piece)
                if end - start == length { isCovered = true }
            }
            if !isCovered { relax(&nodes, from: start, to: start + length, score: unknownScore, piece: -1) }
            start += length
        }
        appendPath(of: word, nodes, to: &ids)
    }

    @inline(__always)
    private func relax(_ nodes: inout [Node], from start: Int, to end: Int, score: Double, piece: Int32) {
        var total = nodes[start].score + score
        // The sum of two floats, rounded once more, is their sum in 32 bits.
        if usesSinglePrecision { total = Double(Float(total)) }
        guard nodes[end].start < 0 || total > nodes[end].score else { return }
        nodes[end] = Node(score: total, start: start, piece: piece)
    }

    private func appendPath(of word: UnsafeBufferPointer<UInt8>, _ nodes: [Node], to ids: inout [Int32]) {
        let first = ids.count
        var end = word.count
        // From the end: the ids come in reverse, unknown characters in a row as one.
        while end > 0 {
            var start = nodes[end].start
            let piece = nodes[end].piece
            if piece >= 0, pieces.ids[Int(piece)] != unknownID {
                ids.append(pieces.ids[Int(piece)])
            } else {
                while start > 0, isUnknown(nodes[start]) { start = nodes[start].start }
                // The unknown token itself, written in the text, is not spelt in bytes.
                if byteIDs.isEmpty || piece >= 0 && start == nodes[end].start {
                    ids.append(unknownID)
                } else {
                    for byte in word[start..<end].reversed() { ids.append(byteIDs[Int(byte)]) }
                }
            }
            end = start
        }
        ids[first...].reverse()
    }

    private func isUnknown(_ node: Node) -> Bool { node.piece < 0 || pieces.ids[Int(node.piece)] == unknownID }
}
