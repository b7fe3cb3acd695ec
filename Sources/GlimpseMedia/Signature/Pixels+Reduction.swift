extension Pixels {
    /// The picture averaged over `cells` × `cells` boxes; an axis that is not at least twice as long is left as it is.
    ///
    /// For a small picture to measure, not to look at: a box is up to two of its rows and all of their pixels, so that of a
    /// large photograph a tenth is read.
    func reduced(toCells cells: Int) -> Pixels {
        let columns = width >= 2 * cells ? cells : width
        let rows = height >= 2 * cells ? cells : height
        if columns == width, rows == height { return self }
        let bounds = (0...columns).map { $0 * width / columns }
        return withUnsafeBytes { input in
            Pixels(width: columns, height: rows) { output in
                var sums = [UInt32](repeating: 0, count: 3 * columns)
                for row in 0..<rows {
                    let lower = row * height / rows
                    let upper = (row + 1) * height / rows
                    let read = upper - lower > 1 ? [(3 * lower + upper) / 4, (lower + 3 * upper) / 4] : [lower]
                    for index in sums.indices { sums[index] = 0 }
                    for y in read {
                        let line = UnsafeRawBufferPointer(rebasing: input[3 * y * width..<3 * (y + 1) * width])
                        Self.addBoxes(of: line, bounds: bounds, to: &sums)
                    }
                    for column in 0..<columns {
                        let count = UInt32((bounds[column + 1] - bounds[column]) * read.count)
                        for channel in 0..<3 {
                            let index = 3 * column + channel
                            output[3 * row * columns + index] = UInt8((sums[index] + count / 2) / count)
                        }
                    }
                }
            }
        }
    }

    /// Adds the pixels of a row to the sums of the boxes they lie in, [columns, 3].
    private static func addBoxes(of line: UnsafeRawBufferPointer, bounds: [Int], to sums: inout [UInt32]) {
        for column in 0..<bounds.count - 1 {
            var (red, green, blue) = (UInt32(0), UInt32(0), UInt32(0))
            for x in bounds[column]..<bounds[column + 1] {
                red &+= UInt32(line[3 * x])
                green &+= UInt32(line[3 * x + 1])
                blue &+= UInt32(line[3 * x + 2])
            }
            sums[3 * column] += red
            sums[3 * column + 1] += green
            sums[3 * column + 2] += blue
        }
    }
}
