import CKernels
import Foundation
import GlimpseTensor
import Testing

/// One shape of a matrix multiply: rows, output columns, depth.
struct MatmulShape: Sendable, CustomTestStringConvertible {
    var m: Int
    var n: Int
    var k: Int

    var testDescription: String { "\(m)×\(k)→\(n)" }

    static let all: [MatmulShape] = [
        .init(m: 1, n: 1, k: 1), .init(m: 7, n: 5, k: 3), .init(m: 6, n: 16, k: 17), .init(m: 9, n: 24, k: 27),
        .init(m: 50, n: 40, k: 64), .init(m: 77, n: 17, k: 384), .init(m: 197, n: 100, k: 33),
        .init(m: 128, n: 8, k: 7), .init(m: 13, n: 31, k: 1500), .init(m: 50, n: 384, k: 0),
        .init(m: 60, n: 70, k: 2100), .init(m: 11, n: 48, k: 700),
    ]
}

@Suite struct MatmulTests {
    /// activation(a·wᵀ + bias) + residual in double precision.
    static func reference(
        _ a: Matrix, _ w: Matrix, bias: [Float]?, residual: Matrix?, activation: (Double) -> Double = { $0 }
    ) -> [Float] {
        var result: [Float] = []
        for row in 0..<a.rows {
            for column in 0..<w.rows {
                var sum = Double(bias?[column] ?? 0)
                for k in 0..<a.columns {
                    sum += Double(a[row, k]) * Double(w[column, k])
                }
                result.append(Float(activation(sum)) + (residual?[row, column] ?? 0))
            }
        }
        return result
    }

    /// Packs w and multiplies, in two calls that share the panels.
    static func multiply(
        _ kernels: ck_kernels, a: UnsafePointer<Float>, lda: Int, w: Matrix, bias: [Float]? = nil,
        residual: UnsafePointer<Float>? = nil, ldr: Int = 0, c: UnsafeMutablePointer<Float>, ldc: Int, m: Int,
        activation: ck_activation = CK_ACTIVATION_NONE, memory: KernelMemory
    ) {
        let panels = (w.rows + 15) / 16
        let packed = memory.scratch(ck_packed_size(w.rows, w.columns))
        kernels.pack(memory.floats(w.values), w.columns, w.rows, w.columns, packed, 0, panels)
        var job = ck_matmul(
            a: a, lda: lda, packed: packed, weights: CK_WEIGHTS_FLOAT,
            bias: bias.map { UnsafePointer(memory.floats($0)) }, residual: residual, ldr: ldr, c: c, ldc: ldc, m: m,
            n: w.rows, k: w.columns, activation: activation, wide: nil, next: nil)
        kernels.matmul(&job, 0, panels / 2, 0, m)
        kernels.matmul(&job, panels / 2, panels, 0, m / 2)
        kernels.matmul(&job, panels / 2, panels, m / 2, m)
    }

    @Test(arguments: InstructionSet.available, MatmulShape.all)
    func equalsTheDefinition(set: InstructionSet, shape: MatmulShape) throws {
        let kernels = try #require(set.table)
        let memory = KernelMemory()
        defer { memory.free() }
        var generator = SeededRandom(seed: 1)
        let a = Matrix(random: shape.m, shape.k, using: &generator)
        let w = Matrix(random: shape.n, shape.k, using: &generator)
        let bias = Matrix(random: 1, shape.n, using: &generator).values
        let residual = Matrix(random: shape.m, shape.n, using: &generator)
        let ldc = shape.n + 3
        let c = memory.floats([Float](repeating: 99, count: (shape.m - 1) * ldc + shape.n))
        Self.multiply(
            kernels, a: memory.floats(a.spaced(shape.k + 2)), lda: shape.k + 2, w: w, bias: bias,
            residual: memory.floats(residual.spaced(shape.n + 1)), ldr: shape.n + 1, c: c, ldc: ldc, m: shape.m,
            memory: memory)
        let expected = Self.reference(a, w, bias: bias, residual: residual)
        // Sums of k products in single precision: a few roundings for short sums, √k for long ones.
        expectClose(read(c, rows: shape.m, columns: shape.n, distance: ldc), expected, tolerance: 4e-6)
        for row in 0..<shape.m - 1 {
            #expect((shape.n..<ldc).allSatisfy { c[row * ldc + $0] == 99 }, "wrote past column \(shape.n)")
        }
    }

    /// Where there is memory for it, halves are made floats before they are multiplied, and the sums are the same to the bit.
    @Test(arguments: InstructionSet.available, MatmulShape.all)
    func halvesMadeFloatsOnceGiveTheSameSums(set: InstructionSet, shape: MatmulShape) throws {
        let kernels = try #require(set.table)
        let memory = KernelMemory()
        defer { memory.free() }
        var generator = SeededRandom(seed: 3)
        let a = memory.floats(Matrix(random: shape.m, shape.k, using: &generator).values)
        let w = memory.floats(Matrix(random: shape.n, shape.k, using: &generator).values)
        let panels = (shape.n + 15) / 16
        let packed = UnsafeMutableRawPointer(memory.scratch(ck_packed_size(shape.n, shape.k)))
        kernels.pack_half(
            w, shape.k, shape.n, shape.k, packed.assumingMemoryBound(to: UInt16.self), 0, panels)
        let wide = memory.scratch(ck_packed_size(Int(CK_TILE_PANELS * CK_PANEL), shape.k))
        let products = [nil, wide].map { wide in
            let c = memory.floats([Float](repeating: 99, count: shape.m * shape.n))
            var job = ck_matmul(
                a: a, lda: shape.k, packed: packed, weights: CK_WEIGHTS_HALF, bias: nil, residual: nil, ldr: 0, c: c,
                ldc: shape.n, m: shape.m, n: shape.n, k: shape.k, activation: CK_ACTIVATION_NONE, wide: wide, next: nil)
            kernels.matmul(&job, 0, panels, 0, shape.m)
            return read(c, rows: shape.m, columns: shape.n, distance: shape.n)
        }
        #expect(products[0] == products[1])
    }

    @Test(arguments: InstructionSet.available)
    func addsToItsOwnResidual(set: InstructionSet) throws {
        let kernels = try #require(set.table)
        let memory = KernelMemory()
        defer { memory.free() }
        var generator = SeededRandom(seed: 2)
        let a = Matrix(random: 20, 40, using: &generator)
        let w = Matrix(random: 21, 40, using: &generator)
        let before = Matrix(random: 20, 21, using: &generator)
        let c = memory.floats(before.values)
        Self.multiply(
            kernels, a: memory.floats(a.values), lda: 40, w: w, residual: c, ldr: 21, c: c, ldc: 21, m: 20,
            memory: memory)
        let expected = Self.reference(a, w, bias: nil, residual: before)
        expectClose(read(c, rows: 20, columns: 21, distance: 21), expected, tolerance: 2e-6)
    }

    /// Sums of long rows wait in c for the rest of the weights, but not where c holds what is to be added.
    @Test(arguments: InstructionSet.available)
    func sumsOfLongRowsAreTheSameToTheBit(set: InstructionSet) throws {
        let kernels = try #require(set.table)
        let memory = KernelMemory()
        defer { memory.free() }
        var generator = SeededRandom(seed: 4)
        let a = memory.floats(Matrix(random: 40, 3000, using: &generator).values)
        let w = Matrix(random: 60, 3000, using: &generator)
        let bias = Matrix(random: 1, 60, using: &generator).values
        let residual = Matrix(random: 40, 60, using: &generator).values
        let (inPlace, apart) = (memory.floats(residual), memory.floats([Float](repeating: .nan, count: residual.count)))
        for c in [inPlace, apart] {
            Self.multiply(
                kernels, a: a, lda: 3000, w: w, bias: bias, residual: c == inPlace ? c : memory.floats(residual),
                ldr: 60, c: c, ldc: 60, m: 40, activation: CK_ACTIVATION_QUICK_GELU, memory: memory)
        }
        #expect(
            read(inPlace, rows: 40, columns: 60, distance: 60) == read(apart, rows: 40, columns: 60, distance: 60))
    }

    /// Rows that overlap are the windows of a signal.
    @Test(arguments: InstructionSet.available)
    func acceptsOverlappingRows(set: InstructionSet) throws {
        let kernels = try #require(set.table)
        let memory = KernelMemory()
        defer { memory.free() }
        let signal = (0..<20).map { Float($0) }
        let w = Matrix(rows: 1, columns: 4, values: [1, 10, 100, 1000])
        let c = memory.floats([Float](repeating: 0, count: 9))
        Self.multiply(kernels, a: memory.floats(signal), lda: 2, w: w, c: c, ldc: 1, m: 9, memory: memory)
        // Window i holds 2i, 2i + 1, 2i + 2 and 2i + 3.
        let expected: [Float] = (0..<9).map { Float($0 * 2222 + 3210) }
        #expect(read(c, rows: 9, columns: 1, distance: 1) == expected)
    }

    /// Values by the definitions of the functions, to the precision of a float.
    static let activations: [(ck_activation, [(x: Float, y: Float)])] = [
        (CK_ACTIVATION_NONE, [(-2, -2), (0, 0), (7, 7)]),
        (CK_ACTIVATION_RELU, [(-2, 0), (0, 0), (7, 7)]),
        (CK_ACTIVATION_RELU6, [(-2, 0), (3, 3), (7, 6)]),
        (CK_ACTIVATION_GELU, [(-1, -0.158_655_25), (0, 0), (1, 0.841_344_75), (3, 2.995_950_3)]),
        (CK_ACTIVATION_QUICK_GELU, [(-1, -0.154_204_23), (0, 0), (1, 0.845_795_77), (100, 100)]),
        (CK_ACTIVATION_GELU_TANH, [(-1, -0.158_808_01), (0, 0), (1, 0.841_191_99), (3, 2.996_362_7)]),
        (CK_ACTIVATION_SILU, [(-1, -0.268_941_42), (0, 0), (1, 0.731_058_58), (-200, 0)]),
    ]

    @Test(arguments: InstructionSet.available, 0..<activations.count)
    func appliesTheActivation(set: InstructionSet, index: Int) throws {
        let kernels = try #require(set.table)
        let (activation, points) = Self.activations[index]
        for (x, y) in points {
            let memory = KernelMemory()
            defer { memory.free() }
            // Nine rows and nineteen columns of the same number: every place of a tile.
            let c = memory.floats([Float](repeating: 99, count: 9 * 19))
            Self.multiply(
                kernels, a: memory.floats([Float](repeating: 1, count: 9)), lda: 1,
                w: Matrix(rows: 19, columns: 1, values: [Float](repeating: x, count: 19)), c: c, ldc: 19, m: 9,
                activation: activation, memory: memory)
            for place in 0..<9 * 19 {
                #expect(abs(c[place] - y) <= 1e-6 * max(1, abs(y)), "activation(\(x)) is \(c[place]), expected \(y)")
            }
        }
    }

    @Test(arguments: InstructionSet.available)
    func packsPanelsOfSixteenColumnsFilledWithZeros(set: InstructionSet) throws {
        let kernels = try #require(set.table)
        let memory = KernelMemory()
        defer { memory.free() }
        let (n, k) = (19, 11)
        let w = memory.floats((0..<n * k).map { Float($0 + 1) })
        let packed = memory.scratch(ck_packed_size(n, k))
        kernels.pack(w, k, n, k, packed, 0, 2)
        for place in 0..<ck_packed_size(n, k) {
            let column = place / (16 * k) * 16 + place % 16
            let depth = place / 16 % k
            #expect(packed[place] == (column < n ? Float(column * k + depth + 1) : 0))
        }
    }

    @Test func packedSizeCountsWholePanels() {
        #expect(ck_packed_size(1, 5) == 80)
        #expect(ck_packed_size(16, 5) == 80)
        #expect(ck_packed_size(17, 5) == 160)
    }

    @Test func theBestTableIsOneThatRunsHere() throws {
        let best = try #require(ck_kernels_best()).pointee
        #expect(ck_kernels_for(best.isa)?.pointee.matmul != nil)
        #expect(ck_kernels_for(CK_ISA_PORTABLE) != nil)
        #if arch(arm64)
            #expect(best.isa == CK_ISA_NEON || best.isa == CK_ISA_NEON_DOTPROD)
        #endif
    }
}
