/// The rows with the highest scores among those offered: a heap of bounded size whose root is the worst that is kept.
///
/// Of equal scores the row that was offered first, the one with the lower number, wins. A score that is not a number
/// counts as the lowest.
struct BestRows {
    struct Entry: Equatable {
        let row: Int
        let score: Float

        func isWorse(than other: Entry) -> Bool {
            score == other.score ? row > other.row : score < other.score
        }
    }

    private let capacity: Int
    private var heap: [Entry] = []

    /// - Parameter capacity: How many are kept, at least 1.
    init(capacity: Int) {
        precondition(capacity > 0, "BestRows: capacity \(capacity)")
        self.capacity = capacity
        heap.reserveCapacity(Swift.min(capacity, 1 << 16))
    }

    /// Offers a row.
    ///
    /// - Complexity: O(1) for a score below the worst that is kept, else O(log capacity).
    mutating func offer(row: Int, score: Float) {
        let entry = Entry(row: row, score: score.isNaN ? -.infinity : score)
        if heap.count < capacity {
            heap.append(entry)
            siftUp(from: heap.count - 1)
        } else if heap[0].isWorse(than: entry) {
            heap[0] = entry
            siftDown(from: 0)
        }
    }

    /// What was kept, the best first.
    var sorted: [Entry] { heap.sorted { $1.isWorse(than: $0) } }

    private mutating func siftUp(from start: Int) {
        var index = start
        while index > 0 {
            let parent = (index - 1) / 2
            guard heap[index].isWorse(than: heap[parent]) else { return }
            heap.swapAt(index, parent)
            index = parent
        }
    }

    private mutating func siftDown(from start: Int) {
        var index = start
        while true {
            var worst = index
            for child in [2 * index + 1, 2 * index + 2] where child < heap.count {
                if heap[child].isWorse(than: heap[worst]) { worst = child }
            }
            guard worst != index else { return }
            heap.swapAt(index, worst)
            index = worst
        }
    }
}
