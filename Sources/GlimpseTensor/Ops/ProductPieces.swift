internal import CKernels

/// How a product of rows and weights is shared out: blocks of rows, each cut in columns of panels.
package struct ProductPieces: Equatable, Sendable {
    /// Into how many blocks the rows go.
    let blocks: Int
    /// Into how many columns the panels of a block go.
    let columns: Int
    private let panels: Int
    private let rows: Int

    /// A block of so many rows goes through a panel that is in the first level of cache while it is in the second itself.
    private static let mostRows = 96
    /// A block of fewer rows reads a panel for too little work.
    private static let leastRows = 24
    /// So many pieces a thread are enough for threads that are held up now and then.
    private static let wantedPieces = 8
    /// With fewer pieces a thread than this it counts whether they are of one size.
    private static let fewPieces = 4
    /// How many panels a tile of the widest vectors multiplies with so many rows; narrower ones take one after the other.
    static func tilePanels(rows: Int) -> Int { Int(rows <= CK_FEW_ROWS ? CK_FEW_ROWS_PANELS : CK_TILE_PANELS) }

    /// Shares out a product.
    ///
    /// Columns are as wide as a tile where that leaves each thread two pieces. Where there are few pieces, one thread gets as many as another.
    package init(panels: Int, rows: Int, threads: Int) {
        (self.panels, self.rows) = (panels, rows)
        guard threads > 1, rows > 0 else {
            (blocks, columns) = (1, 1)
            return
        }
        var blocks = (rows + Self.mostRows - 1) / Self.mostRows
        var columns = min(panels, (Self.wantedPieces * threads + blocks - 1) / blocks)
        let tilePanels = Self.tilePanels(rows: rows)
        let tiles = (panels + tilePanels - 1) / tilePanels
        if 2 * columns > tiles, blocks * tiles >= 2 * threads { columns = tiles }
        let count = blocks * columns
        let isUneven = count < Self.wantedPieces * threads && !count.isMultiple(of: threads)
        if isUneven || count < Self.fewPieces * threads {
            let evenBlocks = Self.wholeShares(blocks, threads: threads)
            let evenColumns = min(panels, Self.wholeShares(columns, threads: threads))
            let columnsSuffice = blocks == 1 && evenColumns.isMultiple(of: threads)
            if !columnsSuffice, rows >= evenBlocks * Self.leastRows {
                blocks = evenBlocks
            } else if blocks == 1 {
                columns = evenColumns
            }
        }
        (self.blocks, self.columns) = (blocks, columns)
    }

    /// So many pieces or a few more, that all threads get as many.
    static func wholeShares(_ pieces: Int, threads: Int) -> Int { (pieces + threads - 1) / threads * threads }

    /// How many pieces there are.
    package var count: Int { blocks * columns }

    /// The panels and rows of a piece, one block's after the other's.
    package subscript(piece: Int) -> (panels: Range<Int>, rows: Range<Int>) {
        let (block, column) = (piece / columns, piece % columns)
        return (
            (panels * column / columns)..<(panels * (column + 1) / columns),
            (rows * block / blocks)..<(rows * (block + 1) / blocks)
        )
    }
}
