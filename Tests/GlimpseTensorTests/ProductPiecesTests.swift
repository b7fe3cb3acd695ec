import GlimpseTensor
import Testing

/// How products are shared out among threads.
struct ProductPiecesTests {
    static let threads = [1, 2, 3, 8, 16, 64, 128]

    @Test(arguments: threads, [0, 1, 7, 50, 97, 196, 400, 3136])
    func piecesCoverTheProductOnce(threads: Int, rows: Int) {
        for panels in 1...150 {
            let pieces = ProductPieces(panels: panels, rows: rows, threads: threads)
            let areas = (0..<pieces.count).map { pieces[$0].panels.count * pieces[$0].rows.count }
            #expect(areas.reduce(0, +) == panels * rows)
            #expect(rows == 0 || areas.allSatisfy { $0 > 0 })
            // The next piece goes on to the right, or begins the block below.
            let inOrder = zip(0..<pieces.count, 1..<max(1, pieces.count)).allSatisfy { piece, next in
                let (here, after) = (pieces[piece], pieces[next])
                let goesOn = after.rows == here.rows && after.panels.lowerBound == here.panels.upperBound
                let isBelow = after.rows.lowerBound == here.rows.upperBound && after.panels.lowerBound == 0
                return goesOn || isBelow && here.panels.upperBound == panels
            }
            #expect(inOrder, "\(panels) panels")
        }
    }

    /// Every block reads all weights of its columns again.
    @Test(arguments: threads, [97, 100, 196, 400, 3136]) func blocksAreWorthReadingTheWeights(threads: Int, rows: Int) {
        for panels in 1...150 {
            let pieces = ProductPieces(panels: panels, rows: rows, threads: threads)
            #expect((0..<pieces.count).allSatisfy { pieces[$0].rows.count >= 24 })
        }
    }

    /// What two threads get of the products of ViT-B/32 and EfficientNet-Lite0 differs by less than a tenth.
    @Test(arguments: [50, 196, 784], [5, 7, 12, 20, 32, 48, 144]) func twoThreadsGetAsMuch(rows: Int, panels: Int) {
        let pieces = ProductPieces(panels: panels, rows: rows, threads: 2)
        let areas = (0..<pieces.count).map { pieces[$0].panels.count * pieces[$0].rows.count }
        let first = areas.prefix(areas.count / 2).reduce(0, +)
        let second = areas.dropFirst(areas.count / 2).reduce(0, +)
        #expect(abs(first - second) * 10 < first + second)
    }
}
