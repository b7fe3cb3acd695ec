import GlimpseTensor
import TestSupport
import Testing

struct SingularSubspaceTests {
    /// A matrix made of known directions: rows are sums of orthogonal vectors with strengths 9, 5, 2.
    @Test func findsTheStrongestDirections() {
        let directions: [[Float]] = [[1, 1, 1, 1], [1, -1, 1, -1], [1, 1, -1, -1]].map { $0.map { $0 / 2 } }
        let rows = zip(directions, [Float(9), 5, 2]).map { direction, strength in direction.map { $0 * strength } }
        let matrix = Tensor(shape: [3, 4], scalars: rows.flatMap(\.self))
        let basis = Compute(threads: 1).rightSingularSubspace(of: matrix, count: 2)
        // The first two directions lie in the space that the basis spans, the third stands across it.
        for (direction, expected) in zip(directions, [Float(1), 1, 0]) {
            let inside = (0..<2).reduce(Float(0)) { sum, index in
                let product = zip(basis.row(index), direction).reduce(0) { $0 + $1.0 * $1.1 }
                return sum + product * product
            }
            #expect(abs(inside - expected) < 1e-5)
        }
    }

    @Test func basisIsOrthonormalAndTheSameOnEveryRun() {
        let matrix = Naive.random([60, 90], seed: 1)
        let compute = Compute(threads: 2)
        let basis = compute.rightSingularSubspace(of: matrix, count: 12)
        for i in 0..<12 {
            for j in 0...i {
                let product = zip(basis.row(i), basis.row(j)).reduce(Float(0)) { $0 + $1.0 * $1.1 }
                #expect(abs(product - (i == j ? 1 : 0)) < 1e-5)
            }
        }
        #expect(compute.rightSingularSubspace(of: matrix, count: 12).scalars == basis.scalars)
    }
}
