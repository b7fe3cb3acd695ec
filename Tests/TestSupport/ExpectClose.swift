public import Testing

/// Expects two vectors to agree element by element, within a tolerance relative to the largest expected magnitude.
///
/// A failure names the worst element and the cosine: a wrong element and a wrong scale look different.
public func expectClose(
    _ found: [Float], _ expected: [Float], tolerance: Float, _ what: String = "",
    sourceLocation: SourceLocation = #_sourceLocation
) {
    guard found.count == expected.count else {
        Issue.record("\(what): \(found.count) numbers, expected \(expected.count)", sourceLocation: sourceLocation)
        return
    }
    let scale = expected.reduce(0) { max($0, abs($1)) }
    var worst = (index: 0, difference: Float(0))
    for index in found.indices {
        let difference = abs(found[index] - expected[index])
        if !(difference <= worst.difference) { worst = (index, difference) }
    }
    if !(worst.difference <= tolerance * max(scale, 1e-20)) {
        Issue.record(
            """
            \(what): element \(worst.index) is \(found[worst.index]), expected \(expected[worst.index]); the tolerance is \
            \(tolerance) of \(scale); cosine \(cosine(found, expected))
            """, sourceLocation: sourceLocation)
    }
}

/// The cosine of the angle between two vectors, in double precision.
public func cosine(_ left: [Float], _ right: [Float]) -> Double {
    var (dot, leftSquares, rightSquares) = (0.0, 0.0, 0.0)
    for (a, b) in zip(left, right) {
        dot += Double(a) * Double(b)
        leftSquares += Double(a) * Double(a)
        rightSquares += Double(b) * Double(b)
    }
    return dot / (leftSquares * rightSquares).squareRoot()
}
