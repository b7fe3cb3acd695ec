/// A trie over bytes whose edges are in one hash table.
struct ByteTrie: Sendable {
    /// For an edge: the node it leaves in the upper bits, plus one, and its byte; 0 where the slot is free.
    private var edges: [UInt64]
    private var targets: [Int32]
    /// For each node the number of the text that ends there, or −1.
    private var numbers: [Int32] = [-1]
    private var edgeCount = 0

    /// An empty trie.
    init() {
        edges = [UInt64](repeating: 0, count: 1024)
        targets = [Int32](repeating: 0, count: 1024)
    }

    /// Adds a text; the former number of the same text is replaced.
    mutating func insert(_ text: some Sequence<UInt8>, number: Int32) {
        var node: Int32 = 0
        for byte in text {
            if let next = child(of: node, byte) {
                node = next
                continue
            }
            if (edgeCount + 1) * 2 > edges.count { grow() }
            let slot = slot(Self.key(node, byte))
            edges[slot] = Self.key(node, byte)
            targets[slot] = Int32(numbers.count)
            node = Int32(numbers.count)
            numbers.append(-1)
            edgeCount += 1
        }
        numbers[Int(node)] = number
    }

    /// The node an edge leads to.
    @inline(__always)
    func child(of node: Int32, _ byte: UInt8) -> Int32? {
        let slot = slot(Self.key(node, byte))
        return edges[slot] == 0 ? nil : targets[slot]
    }

    /// The number of the text that ends at a node, or −1.
    @inline(__always)
    func number(at node: Int32) -> Int32 { numbers[Int(node)] }

    @inline(__always)
    private static func key(_ node: Int32, _ byte: UInt8) -> UInt64 {
        (UInt64(UInt32(bitPattern: node)) + 1) << 8 | UInt64(byte)
    }

    @inline(__always)
    private func slot(_ key: UInt64) -> Int {
        let mask = edges.count - 1
        var slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 32) & mask
        while edges[slot] != 0, edges[slot] != key { slot = (slot + 1) & mask }
        return slot
    }

    private mutating func grow() {
        let (oldEdges, oldTargets) = (edges, targets)
        edges = [UInt64](repeating: 0, count: oldEdges.count * 2)
        targets = [Int32](repeating: 0, count: oldEdges.count * 2)
        for (edge, target) in zip(oldEdges, oldTargets) where edge != 0 {
            let slot = slot(edge)
            edges[slot] = edge
            targets[slot] = target
        }
    }
}

extension ByteTrie {
    /// Takes the trie of a name from a file.
    ///
    /// - Parameter count: the numbers are below it.
    /// - Throws: `FormatError` where there is none that a look-up can rely on.
    init(_ name: String, numbersBelow count: Int, in file: TableReader) throws {
        edges = try file.array("\(name).edges")
        targets = try file.array("\(name).targets")
        numbers = try file.array("\(name).numbers")
        edgeCount = edges.reduce(0) { $1 == 0 ? $0 : $0 + 1 }
        let (nodes, texts) = (0..<Int32(numbers.count), -1..<Int32(count))
        try file.require(
            edges.count.nonzeroBitCount == 1 && edgeCount < edges.count && targets.count == edges.count
                && !nodes.isEmpty && targets.allSatisfy(nodes.contains) && numbers.allSatisfy(texts.contains), name)
    }

    /// Adds the trie to a file.
    func write(_ name: String, to file: inout TableWriter) {
        file.add("\(name).edges", edges)
        file.add("\(name).targets", targets)
        file.add("\(name).numbers", numbers)
    }
}
