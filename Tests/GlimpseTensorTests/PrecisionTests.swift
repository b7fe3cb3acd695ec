import GlimpseTensor
import Testing

/// Products of every precision are those of 32 bits, as closely as they promise.
struct PrecisionTests {
    private static func random(_ shape: Shape, seed: UInt64) -> Tensor {
        var state = seed
        let scalars = (0..<shape.count).map { _ -> Float in
            // About normal: the sum of a few uniform numbers.
            (0..<6).reduce(Float(-3)) { sum, _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return sum + Float(state >> 40) / Float(1 << 24)
            }
        }
        return Tensor(shape: shape, scalars: scalars)
    }

    private static func cosine(_ left: [Float], _ right: [Float]) -> Double {
        func dot(_ a: [Float], _ b: [Float]) -> Double { zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) } }
        return dot(left, right) / (dot(left, left) * dot(right, right)).squareRoot()
    }

    private static func leastCosine(_ precision: Precision) -> Double {
        switch precision {
        case .float32: 0.999_999_99
        case .float16: 0.999_999
        case .int16: 0.999_99
        case .int8: 0.999
        }
    }

    struct Sizes: Sendable {
        let rows: Int
        let inputs: Int
        let outputs: Int
    }

    private static let sizes = [
        Sizes(rows: 1, inputs: 768, outputs: 768), Sizes(rows: 7, inputs: 100, outputs: 37),
        Sizes(rows: 50, inputs: 768, outputs: 3072), Sizes(rows: 120, inputs: 3072, outputs: 49),
    ]

    @Test(arguments: Precision.allCases, sizes)
    func productsAreClose(precision: Precision, sizes: Sizes) {
        let weights = Self.random([sizes.outputs, sizes.inputs], seed: 1)
        let x = Self.random([sizes.rows, sizes.inputs], seed: 2)
        let bias = Self.random([sizes.outputs], seed: 3)
        let residual = Self.random([sizes.rows, sizes.outputs], seed: 4)
        let portable = Compute.portable()
        let expected = portable.matrixMultiply(
            x, PackedMatrix(weights, on: portable), bias: bias, activation: .quickGELU, residual: residual
        ).scalars
        for compute in [portable, Compute(threads: 1), Compute(threads: 3)] {
            let packed = PackedMatrix(weights, precision: precision, on: compute)
            let found = compute.matrixMultiply(x, packed, bias: bias, activation: .quickGELU, residual: residual)
            let similarity = Self.cosine(found.scalars, expected)
            #expect(similarity >= Self.leastCosine(precision), "\(precision) on \(compute.instructionSet)")
        }
    }

    @Test(arguments: Precision.allCases)
    func partsGiveTheirColumns(precision: Precision) throws {
        let compute = Compute(threads: 2)
        let packed = PackedMatrix(Self.random([70, 64], seed: 5), precision: precision, on: compute)
        let x = Self.random([3, 64], seed: 6)
        let whole = compute.matrixMultiply(x, packed)
        let part = compute.matrixMultiply(x, try #require(packed.outputs(32..<70)))
        for row in 0..<3 { #expect(part.row(row) == Array(whole.row(row)[32..<70])) }
        #expect(packed.outputs(8..<70) == nil, "it does not begin with a panel")
    }

    /// Numbers that halves hold: normal and subnormal ones, the greatest, and zeros.
    private static let halves: [Float] = [0, -0.0, 1, -1.5, 65504, -0x1p-14, 0x1.ff8p-15, 0x1p-24, 0.099975586]

    @Test func halvesAreKeptAsSuch() {
        let compute = Compute(threads: 1)
        let weights = Tensor(shape: [20, 9], scalars: (0..<180).map { Self.halves[($0 * 7) % 9] })
        let packed = PackedMatrix(exactly: weights, in: WeightMemory(blockCount: 0), on: compute)
        #expect(packed.precision == .float16)
        let x = Self.random([5, 9], seed: 9)
        let found = compute.matrixMultiply(x, packed).scalars
        #expect(found == compute.matrixMultiply(x, PackedMatrix(weights, on: compute)).scalars, "to the last bit")
    }

    @Test(arguments: [65520, 0x1p-25, 1 + 0x1p-11, 0.1, .infinity, .nan] as [Float])
    func oneNumberThatIsNoHalfKeepsFloats(number: Float) {
        let weights = Tensor(shape: [2, 9], scalars: Self.halves + Self.halves.dropLast() + [number])
        let packed = PackedMatrix(exactly: weights, in: WeightMemory(blockCount: 0), on: Compute(threads: 1))
        #expect(packed.precision == .float32)
    }

    @Test(arguments: [Precision.int16, .int8])
    func notANumberSpoilsItsRowOnly(precision: Precision) {
        let compute = Compute(threads: 1)
        let packed = PackedMatrix(Self.random([16, 32], seed: 7), precision: precision, on: compute)
        var scalars = Self.random([2, 32], seed: 8).scalars
        scalars[40] = .nan
        let result = compute.matrixMultiply(Tensor(shape: [2, 32], scalars: scalars), packed)
        #expect(result.row(0).allSatisfy(\.isFinite) && result.row(1).allSatisfy(\.isNaN))
    }
}
