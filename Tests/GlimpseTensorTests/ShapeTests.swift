import GlimpseTensor
import Testing

/// Extents kept in place against extents in an array.
struct ShapeTests {
    @Test(arguments: [[], [7], [0], [3, 5], [1, 1], [2, 3, 4], [2, 1, 3, 4], [2, 0, 3, 4]])
    func isWhatItsDimensionsAre(dimensions: [Int]) {
        let shape = Shape(dimensions)
        #expect(shape.dimensions == dimensions)
        #expect(shape.rank == dimensions.count)
        #expect(shape.count == dimensions.reduce(1, *))
        #expect(shape.rowCount == dimensions.dropLast().reduce(1, *))
        #expect(shape.description == "\(dimensions)")
        for axis in dimensions.indices {
            #expect(shape[axis] == dimensions[axis])
            #expect(shape[axis - dimensions.count] == dimensions[axis])
        }
    }

    @Test func shapesOfOtherRanksDiffer() {
        #expect(Shape([3]) != [1, 3])
        #expect(Shape([]) != [1])
        #expect(Shape([2, 3]) == [2, 3])
        #expect(Shape([2, 3]) != [3, 2])
    }

    @Test func hasNoMoreAxesThanItHasRoomFor() async {
        await #expect(processExitsWith: .failure) { _ = Shape([1, 1, 1, 1, 1]) }
        await #expect(processExitsWith: .failure) { _ = Shape([2, -1]) }
        await #expect(processExitsWith: .failure) { _ = Shape([2, 3])[2] }
        await #expect(processExitsWith: .failure) { _ = Shape([2, 3])[-3] }
    }
}
