extension Array where Element == Float {
    /// The vector scaled to length 1; a zero vector stays zero.
    func normalized() -> [Float] {
        let squares = reduce(0) { $0 + $1 * $1 }
        guard squares > 0 else { return self }
        let scale = 1 / squares.squareRoot()
        return map { $0 * scale }
    }
}
