import CKernels
import Foundation
import GlimpseTensor
import Testing

/// The sizes of one head.
struct HeadShape: Sendable, CustomTestStringConvertible {
    var queries: Int
    var keys: Int
    var d: Int
    var causal = false

    var testDescription: String { "\(queries) queries, \(keys) keys of \(d)\(causal ? ", causal" : "")" }

    static let all: [HeadShape] = [
        .init(queries: 1, keys: 1, d: 8), .init(queries: 7, keys: 7, d: 32, causal: true),
        .init(queries: 50, keys: 50, d: 64), .init(queries: 77, keys: 77, d: 64, causal: true),
        .init(queries: 1, keys: 197, d: 64), .init(queries: 10, keys: 23, d: 20, causal: true),
        .init(queries: 197, keys: 33, d: 12),
    ]
}

@Suite struct AttentionTests {
    static func run(
        _ kernels: ck_kernels, _ shape: HeadShape, q: Matrix, k: Matrix, v: Matrix, scale: Float
    ) -> [Float] {
        let memory = KernelMemory()
        defer { memory.free() }
        let (d, distance) = (shape.d, shape.d * 3 + 1)
        let output = memory.floats([Float](repeating: .nan, count: shape.queries * d))
        var job = ck_attention(
            q: memory.floats(q.spaced(distance)), ldq: distance, k: memory.floats(k.spaced(distance)), ldk: distance,
            v: memory.floats(v.spaced(distance)), ldv: distance, output: output, ldo: d, queries: shape.queries,
            keys: shape.keys, d: d, scale: scale, causal: shape.causal)
        kernels.attention(&job, memory.scratch(ck_attention_scratch(shape.queries, shape.keys, d)))
        return read(output, rows: shape.queries, columns: d, distance: d)
    }

    @Test(arguments: InstructionSet.available, HeadShape.all)
    func equalsTheDefinition(set: InstructionSet, shape: HeadShape) throws {
        let kernels = try #require(set.table)
        var generator = SeededRandom(seed: 5)
        let q = Matrix(random: shape.queries, shape.d, using: &generator)
        let k = Matrix(random: shape.keys, shape.d, using: &generator)
        let v = Matrix(random: shape.keys, shape.d, using: &generator)
        let scale = 1 / Float(shape.d).squareRoot()
        var expected: [Float] = []
        for i in 0..<shape.queries {
            let visible = shape.causal ? shape.keys - (shape.queries - 1 - i) : shape.keys
            let weights = (0..<visible).map { j in
                exp(Double(scale) * (0..<shape.d).reduce(0.0) { $0 + Double(q[i, $1]) * Double(k[j, $1]) })
            }
            let total = weights.reduce(0, +)
            for c in 0..<shape.d {
                expected.append(Float((0..<visible).reduce(0.0) { $0 + weights[$1] * Double(v[$1, c]) } / total))
            }
        }
        expectClose(Self.run(kernels, shape, q: q, k: k, v: v, scale: scale), expected, tolerance: 3e-6)
    }

    /// With more queries than keys a causal head has queries before the first key.
    @Test(arguments: InstructionSet.available)
    func aQueryThatSeesNoKeyGetsZeros(set: InstructionSet) throws {
        let kernels = try #require(set.table)
        var generator = SeededRandom(seed: 6)
        let shape = HeadShape(queries: 5, keys: 3, d: 8, causal: true)
        let q = Matrix(random: 5, 8, using: &generator)
        let k = Matrix(random: 3, 8, using: &generator)
        let v = Matrix(random: 3, 8, using: &generator)
        let output = Self.run(kernels, shape, q: q, k: k, v: v, scale: 1)
        #expect(output[0..<16].allSatisfy { $0 == 0 })
        expectClose(Array(output[16..<24]), v.row(0), tolerance: 1e-6)
    }
}
