/// A vocabulary as a hash table over UTF-8 bytes, so that pieces of a text are looked up without making strings.
///
/// Tokens are compared byte by byte: those that differ only in Unicode normalisation are different tokens.
struct TokenTable: Sendable {
    /// A running hash (FNV-1a) that can be continued byte by byte: all prefixes of a word cost one pass.
    struct Hash {
        private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

        @inline(__always)
        mutating func add(_ byte: UInt8) {
            value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
        }

        /// Where the search for a token begins, before it is cut to the number of slots.
        @inline(__always)
        fileprivate var place: Int { Int(truncatingIfNeeded: value ^ value >> 32) }
        @inline(__always)
        fileprivate var tag: UInt32 { UInt32(truncatingIfNeeded: value >> 32) }
    }

    /// A token: where its bytes are, side by side with its id, so that a look-up waits for memory once.
    private struct Token: Sendable, BitwiseCopyable {
        var start: UInt32
        var count: UInt32
        var id: Int32

        var range: Range<Int> { Int(start)..<Int(start) + Int(count) }
    }

    /// A place for a token, with the rest of its hash: most others are told apart without a look at them.
    private struct Slot: Sendable, BitwiseCopyable {
        var tag: UInt32 = 0
        /// Which token it is, or −1.
        var number: Int32 = -1
    }

    private var bytes: [UInt8] = []
    private var tokens: [Token] = []
    /// Open addressing; the size is a power of two, more than twice the number of tokens.
    private var slots: [Slot]
    /// The longest token in bytes.
    private(set) var longest = 0

    /// An empty table with room for a number of tokens; for more it grows.
    init(capacity: Int) {
        var size = 16
        while size <= capacity * 2 { size *= 2 }
        slots = [Slot](repeating: Slot(), count: size)
        // Room that is not needed takes no memory, since nothing touches it.
        tokens.reserveCapacity(size / 2)
        bytes.reserveCapacity(size * 4)
    }

    /// The smallest and the largest id; nil when there is no token.
    var idRange: ClosedRange<Int32>? {
        guard let least = tokens.lazy.map(\.id).min(), let most = tokens.lazy.map(\.id).max() else { return nil }
        return least...most
    }

    /// The number of tokens.
    var count: Int { tokens.count }

    /// Adds a token or gives a known one a new id; the former id is returned.
    mutating func insert(_ token: some Collection<UInt8>, id: Int32) -> Int32? {
        if let former = token.withContiguousStorageIfAvailable({ insert($0, id: id) }) { return former }
        return Array(token).withUnsafeBufferPointer { insert($0, id: id) }
    }

    private mutating func insert(_ token: UnsafeBufferPointer<UInt8>, id: Int32) -> Int32? {
        var hash = Hash()
        for byte in token { hash.add(byte) }
        let slot = slot(of: token, prefix: [], hash: hash)
        if slots[slot].number >= 0 {
            let number = Int(slots[slot].number)
            defer { tokens[number].id = id }
            return tokens[number].id
        }
        slots[slot] = Slot(tag: hash.tag, number: Int32(tokens.count))
        tokens.append(Token(start: UInt32(bytes.count), count: UInt32(token.count), id: id))
        bytes.append(contentsOf: token)
        longest = max(longest, token.count)
        if tokens.count * 2 >= slots.count { grow() }
        return nil
    }

    private mutating func grow() {
        slots = [Slot](repeating: Slot(), count: slots.count * 2)
        let mask = slots.count - 1
        for (number, token) in tokens.enumerated() {
            var hash = Hash()
            for place in token.range { hash.add(bytes[place]) }
            var slot = hash.place & mask
            while slots[slot].number >= 0 { slot = (slot + 1) & mask }
            slots[slot] = Slot(tag: hash.tag, number: Int32(number))
        }
    }

    /// The id of the token that consists of `prefix` and `rest`; `hash` is that of both.
    @inline(__always)
    func id(of rest: UnsafeBufferPointer<UInt8>, prefix: some Collection<UInt8> = [], hash: Hash) -> Int32? {
        let number = slots[slot(of: rest, prefix: prefix, hash: hash)].number
        return number < 0 ? nil : tokens[Int(number)].id
    }

    /// The id of the token that consists of `prefix` and `rest`, at `number` or else where `hash` leads; `number` then becomes that of the
    /// token added after it. What is asked for in the order of the table is found without a search.
    @inline(__always)
    func id(
        of rest: UnsafeBufferPointer<UInt8>, prefix: some Collection<UInt8>, hash: Hash, likely number: inout Int
    ) -> Int32? {
        if !tokens.indices.contains(number) || !matches(number, rest, prefix: prefix) {
            number = Int(slots[slot(of: rest, prefix: prefix, hash: hash)].number)
            guard number >= 0 else { return nil }
        }
        defer { number += 1 }
        return tokens[number].id
    }

    /// The id of a token, which may be given in two parts.
    func id(of token: String, _ rest: String = "") -> Int32? {
        var (token, rest) = (token, rest)
        return token.withUTF8 { token in
            rest.withUTF8 { rest in
                var hash = Hash()
                for byte in token { hash.add(byte) }
                for byte in rest { hash.add(byte) }
                return id(of: rest, prefix: token, hash: hash)
            }
        }
    }

    /// The id of a token in UTF-8.
    func id(of bytes: [UInt8]) -> Int32? {
        var hash = Hash()
        for byte in bytes { hash.add(byte) }
        return bytes.withUnsafeBufferPointer { id(of: $0, hash: hash) }
    }

    /// The slot where a token is, or would be.
    @inline(__always)
    private func slot(of rest: UnsafeBufferPointer<UInt8>, prefix: some Collection<UInt8>, hash: Hash) -> Int {
        let mask = slots.count - 1
        var slot = hash.place & mask
        while slots[slot].number >= 0,
            slots[slot].tag != hash.tag || !matches(Int(slots[slot].number), rest, prefix: prefix)
        { slot = (slot + 1) & mask }
        return slot
    }

    @inline(__always)
    private func matches(
        _ number: Int, _ rest: UnsafeBufferPointer<UInt8>, prefix: some Collection<UInt8>
    ) -> Bool {
        let token = tokens[number]
        guard Int(token.count) == prefix.count + rest.count else { return false }
        var position = Int(token.start)
        for byte in prefix {
            guard bytes[position] == byte else { return false }
            position += 1
        }
        for byte in rest {
            guard bytes[position] == byte else { return false }
            position += 1
        }
        return true
    }
}

extension TokenTable {
    /// Takes the table of a name from a file.
    ///
    /// - Throws: `FormatError` where there is none that a look-up can rely on.
    init(_ name: String, in file: TableReader) throws {
        bytes = try file.array("\(name).bytes")
        tokens = try file.array("\(name).tokens")
        slots = try file.array("\(name).slots")
        longest = Int(tokens.lazy.map(\.count).max() ?? 0)
        let numbers = -1..<Int32(tokens.count)
        let taken = slots.reduce(0) { $1.number < 0 ? $0 : $0 + 1 }
        try file.require(
            slots.count.nonzeroBitCount == 1 && taken * 2 < slots.count
                && slots.allSatisfy { numbers.contains($0.number) }
                && tokens.allSatisfy { $0.range.upperBound <= bytes.count }, name)
    }

    /// Adds the table to a file.
    func write(_ name: String, to file: inout TableWriter) {
        file.add("\(name).bytes", bytes)
        file.add("\(name).tokens", tokens)
        file.add("\(name).slots", slots)
    }
}
