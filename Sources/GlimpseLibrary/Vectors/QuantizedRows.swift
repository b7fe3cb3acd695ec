/// Vectors rounded to 8 bits with a scale each: a quarter of the bytes to read, for a first look at every row.
struct QuantizedRows {
    /// From so many rows on a file has them: below, reading every number takes a few milliseconds.
    static let leastCount = 32_768

    /// −127…127, [count, stride]; what lies beyond the dimension is zero. Aligned to 64 bytes.
    let integers: UnsafePointer<Int8>
    /// [count]: row ≈ scale · integers.
    let scales: UnsafePointer<Float>
    /// The largest distance between a row and what its integers stand for.
    let error: Float

    /// The distance of two rows in bytes: the dimension, rounded up so that every row begins a cache line.
    static func stride(ofDimension dimension: Int) -> Int { (dimension + 63) / 64 * 64 }

    /// Rounds a vector.
    ///
    /// - Parameters:
    ///   - values: a vector; of one with numbers that are not finite, which only a damaged library has, zeros are made.
    ///   - integers: as long as `values`, or longer and zero behind.
    /// - Returns: the scale, and the distance between the vector and what the integers stand for. The scale of a damaged
    ///   vector is not a number, and so its scores are none, either: they count as the lowest.
    static func quantize(
        _ values: UnsafeBufferPointer<Float>, into integers: UnsafeMutableBufferPointer<Int8>
    ) -> (scale: Float, error: Float) {
        // The bits of magnitudes are in the order of the numbers, and what is not finite comes last: a comparison of
        // the numbers themselves would pass over those that are none.
        let largest = Float(bitPattern: values.reduce(0) { max($0, $1.magnitude.bitPattern) })
        // A scale below the normal numbers would round the integers beyond 127.
        guard largest >= 1e-30, largest.isFinite else {
            for index in values.indices { integers[index] = 0 }
            guard largest.isFinite else { return (.nan, 0) }
            return (0, largest)
        }
        let scale = largest / 127
        let inverse = 127 / largest
        var squares: Float = 0
        for index in values.indices {
            let scaled = values[index] * inverse
            // Rounds half away from zero; a call of `rounded()` for each number would take ten times as long.
            let rounded = min(127, max(-127, Int32(scaled + (scaled < 0 ? -0.5 : 0.5))))
            integers[index] = Int8(truncatingIfNeeded: rounded)
            let difference = values[index] - scale * Float(rounded)
            squares += difference * difference
        }
        return (scale, squares.squareRoot())
    }
}

/// A query rounded to 8 bits, and how far the scores it gives may be from the exact ones.
struct QuantizedQuery {
    /// [stride], zero beyond the dimension.
    let integers: [Int8]
    let scale: Float
    private let length: Float
    private let error: Float

    /// - Parameter query: finite numbers.
    init(_ query: [Float]) {
        var integers = [Int8](repeating: 0, count: QuantizedRows.stride(ofDimension: query.count))
        let rounding = integers.withUnsafeMutableBufferPointer { integers in
            query.withUnsafeBufferPointer { QuantizedRows.quantize($0, into: integers) }
        }
        self.integers = integers
        (scale, error) = rounding
        length = query.reduce(0) { $0 + $1 * $1 }.squareRoot()
    }

    /// How far apart two rounded scores must be for their order to be certain, but for one pair in some hundred thousand.
    ///
    /// What rounding takes from a row points anywhere, so that its product with the query is normal, with a deviation of its length
    /// times the query's over √dimension; likewise what rounding takes from the query, for rows of length 1. The difference of two
    /// scores deviates by √2 of that, and 6 of the one are more than 4 of the other.
    func margin(of rows: QuantizedRows, dimension: Int) -> Float {
        let deviation = ((rows.error * length) * (rows.error * length) + error * error).squareRoot()
        return 6 * deviation / Float(dimension).squareRoot()
    }
}
