/// The extents of a tensor of at most four axes, outermost first; row-major.
///
/// They are kept in place, the last axis last and ones before the first: a product of a few rows is over so soon that arrays on the heap
/// would be seen.
public struct Shape: Hashable, Sendable, ExpressibleByArrayLiteral, CustomStringConvertible {
    /// How many axes there may be: a picture of a batch has rows, columns and channels.
    public static let mostAxes = 4

    /// How many axes there are.
    public let rank: Int
    private var extents: SIMD4<Int>

    /// Makes a shape of non-negative extents.
    ///
    /// - Precondition: there are at most four.
    public init(_ dimensions: some Collection<Int>) {
        precondition(dimensions.count <= Self.mostAxes, "Shape: more than \(Self.mostAxes) axes in \(dimensions)")
        precondition(dimensions.allSatisfy { $0 >= 0 }, "Shape: negative extent in \(dimensions)")
        rank = dimensions.count
        extents = SIMD4(repeating: 1)
        for (axis, extent) in dimensions.enumerated() { extents[Self.mostAxes - rank + axis] = extent }
    }

    /// Makes a shape from a literal such as `[2, 224, 224, 3]`.
    public init(arrayLiteral elements: Int...) {
        self.init(elements)
    }

    /// One extent an axis.
    public var dimensions: [Int] { (0..<rank).map { self[$0] } }

    /// How many elements there are: the product of the extents, 1 for a scalar.
    public var count: Int { extents[0] * extents[1] * extents[2] * extents[3] }

    /// The extent of an axis; a negative axis counts from the last.
    public subscript(axis: Int) -> Int {
        precondition(-rank <= axis && axis < rank, "Shape: axis \(axis) of \(self)")
        return extents[Self.mostAxes + (axis < 0 ? axis : axis - rank)]
    }

    /// The product of all extents but the last: how many rows a kernel sees.
    public var rowCount: Int { extents[0] * extents[1] * extents[2] }

    /// The shape with another extent of its last axis.
    ///
    /// - Precondition: it has an axis.
    func withLast(_ extent: Int) -> Shape {
        precondition(rank > 0 && extent >= 0, "Shape: last extent \(extent) of \(self)")
        var shape = self
        shape.extents[Self.mostAxes - 1] = extent
        return shape
    }

    /// The shape as people write it: `[2, 224, 224, 3]`.
    public var description: String { "\(dimensions)" }
}
