/// The nearest rows that have been found for every row so far.
///
/// Unchecked because of the raw memory: whoever offers to a row at the same time as another thread must offer to another row.
final class NeighborLists: @unchecked Sendable {
    /// A row and how near it is.
    struct Neighbor {
        let row: Int32
        let cosine: Float
    }

    /// How many neighbours a row has at most.
    let capacity: Int
    /// How many rows there are.
    let rowCount: Int
    /// [rowCount, capacity], of each row the nearest first.
    private let neighbors: UnsafeMutablePointer<Neighbor>
    private let counts: UnsafeMutablePointer<Int32>

    init(rowCount: Int, capacity: Int) {
        self.rowCount = rowCount
        self.capacity = capacity
        neighbors = .allocate(capacity: max(1, rowCount * capacity))
        counts = .allocate(capacity: max(1, rowCount))
        counts.initialize(repeating: 0, count: max(1, rowCount))
    }

    deinit {
        neighbors.deallocate()
        counts.deallocate()
    }

    /// The neighbours of a row, the nearest first.
    subscript(row: Int) -> UnsafeBufferPointer<Neighbor> {
        UnsafeBufferPointer(start: neighbors + row * capacity, count: Int(counts[row]))
    }

    /// Adds a neighbour unless it is there already or all others are nearer; of equals the lower row stays.
    func offer(_ neighbor: Neighbor, to row: Int) {
        let list = neighbors + row * capacity
        var count = Int(counts[row])
        if count == capacity, !isNearer(neighbor, list[count - 1]) { return }
        for position in 0..<count where list[position].row == neighbor.row { return }
        if count < capacity {
            count += 1
            counts[row] = Int32(count)
        }
        var position = count - 1
        while position > 0, isNearer(neighbor, list[position - 1]) {
            list[position] = list[position - 1]
            position -= 1
        }
        list[position] = neighbor
    }

    private func isNearer(_ a: Neighbor, _ b: Neighbor) -> Bool {
        a.cosine != b.cosine ? a.cosine > b.cosine : a.row < b.row
    }
}
