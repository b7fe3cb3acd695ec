import GlimpseTensor
import Testing

/// What is foreseen of the order in which weights are read.
struct ReadingOrderTests {
    static let network = (1...5).map { ReadingOrder.Reading(address: UInt($0) << 20, bytes: $0 * 1000) }

    @Test func theSecondPassIsForeseen() {
        let order = ReadingOrder()
        #expect(Self.network.map(order.next) == Array(repeating: nil, count: 5))
        for _ in 0..<3 {
            #expect(Self.network.map(order.next) == Self.network.dropFirst() + [Self.network[0]])
        }
    }

    /// Where another way is taken once, the next time is foreseen by it, and the rest as before.
    @Test func theLastTimeCounts() {
        let order = ReadingOrder()
        for _ in 0..<2 { for weights in Self.network { _ = order.next(after: weights) } }
        let other = ReadingOrder.Reading(address: 7 << 20, bytes: 1)
        let way = [Self.network[0], other, Self.network[2]]
        #expect(way.map(order.next) == [Self.network[1], nil, Self.network[3]])
        #expect(order.next(after: Self.network[0]) == other)
    }

    /// Models come and go in a process that runs for long.
    @Test func whatWasReadLongAgoIsForgotten() {
        let order = ReadingOrder()
        for _ in 0..<2 { for weights in Self.network { _ = order.next(after: weights) } }
        for number in 1...20_000 { _ = order.next(after: ReadingOrder.Reading(address: UInt(number * 64), bytes: 64)) }
        #expect(Self.network.map(order.next) == Array(repeating: nil, count: 5))
    }

    /// A thread begins where its first pieces are.
    @Test func sharesOfMemoryAreThoseOfPieces() {
        let team = ThreadTeam(count: 3)
        let weights = ReadingOrder.Reading(address: 1 << 20, bytes: 3000)
        let starts = (0..<3).map { weights.start(ofShare: $0, of: team).map(UInt.init(bitPattern:)) }
        #expect(starts == [1 << 20, 1 << 20 + 1000, 1 << 20 + 2000])
        #expect((0..<3).map { team.share(of: $0, in: 8) } == [0..<2, 2..<5, 5..<8])
    }
}
