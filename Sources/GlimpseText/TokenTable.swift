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
    }

    private var bytes: [UInt8] = []
    /// Token t is `bytes[starts[t]..<starts[t + 1]]` and has the id `ids[t]`.
    private var starts: [Int] = [0]
    private var ids: [Int32] = []
    /// Open addressing: a token's number or −1; the size is a power of two, at least twice the number of tokens.
    private var slots: [Int32]
    /// The longest token in bytes.
    private(set) var longest = 0

    /// An empty table with room for a number of tokens.
    init(capacity: Int) {
        var size = 16
        while size < capacity * 2 { size *= 2 }
        slots = [Int32](repeating: -1, count: size)
    }

    /// The smallest and the largest id; nil when there is no token.
    var idRange: ClosedRange<Int32>? {
        guard let least = ids.min(), let most = ids.max() else { return nil }
        return least...most
    }

    /// The number of tokens.
    var count: Int { ids.count }

    /// Adds a token or gives a known one a new id; the former id is returned.
    mutating func insert(_ token: some Collection<UInt8>, id: Int32) -> Int32? {
        if let former = token.withContiguousStorageIfAvailable({ insert($0, id: id) }) { return former }
        return Array(token).withUnsafeBufferPointer { insert($0, id: id) }
    }

    private mutating func insert(_ token: UnsafeBufferPointer<UInt8>, id: Int32) -> Int32? {
        var hash = Hash()
        for byte in token { hash.add(byte) }
        let slot = slot(of: token, prefix: [], hash: hash)
        if slots[slot] >= 0 {
            let number = Int(slots[slot])
            defer { ids[number] = id }
            return ids[number]
        }
        precondition(ids.count * 2 < slots.count, "TokenTable: more tokens than the capacity")
        slots[slot] = Int32(ids.count)
        bytes.append(contentsOf: token)
        starts.append(bytes.count)
        ids.append(id)
        longest = max(longest, token.count)
        return nil
    }

    /// The id of the token that consists of `prefix` and `rest`; `hash` is that of both.
    @inline(__always)
    func id(of rest: UnsafeBufferPointer<UInt8>, prefix: some Collection<UInt8> = [], hash: Hash) -> Int32? {
        let number = slots[slot(of: rest, prefix: prefix, hash: hash)]
        return number < 0 ? nil : ids[Int(number)]
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
        var slot = Int(truncatingIfNeeded: hash.value ^ hash.value >> 32) & mask
        while slots[slot] >= 0, !matches(Int(slots[slot]), rest, prefix: prefix) { slot = (slot + 1) & mask }
        return slot
    }

    @inline(__always)
    private func matches(
        _ number: Int, _ rest: UnsafeBufferPointer<UInt8>, prefix: some Collection<UInt8>
    ) -> Bool {
        var position = starts[number]
        guard starts[number + 1] - position == prefix.count + rest.count else { return false }
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
