/// The extents of a tensor, outermost first; row-major.
public struct Shape: Hashable, Sendable, ExpressibleByArrayLiteral, CustomStringConvertible {
    /// One extent an axis.
    public let dimensions: [Int]

    /// Makes a shape of non-negative extents.
    public init(_ dimensions: [Int]) {
        precondition(dimensions.allSatisfy { $0 >= 0 }, "Shape: negative extent in \(dimensions)")
        self.dimensions = dimensions
    }

    /// Makes a shape from a literal such as `[2, 224, 224, 3]`.
    public init(arrayLiteral elements: Int...) {
        self.init(elements)
    }

    /// How many axes there are.
    public var rank: Int { dimensions.count }

    /// How many elements there are: the product of the extents, 1 for a scalar.
    public var count: Int { dimensions.reduce(1, *) }

    /// The extent of an axis; a negative axis counts from the last.
    public subscript(axis: Int) -> Int {
        dimensions[axis < 0 ? dimensions.count + axis : axis]
    }

    /// The product of all extents but the last: how many rows a kernel sees.
    public var rowCount: Int { dimensions.dropLast().reduce(1, *) }

    /// The shape with another extent of its last axis.
    ///
    /// - Precondition: it has an axis.
    func withLast(_ extent: Int) -> Shape {
        var dimensions = dimensions
        dimensions[dimensions.count - 1] = extent
        return Shape(dimensions)
    }

    /// The shape as people write it: `[2, 224, 224, 3]`.
    public var description: String { "\(dimensions)" }
}
