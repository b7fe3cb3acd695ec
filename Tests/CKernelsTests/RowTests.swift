import CKernels
import Foundation
import GlimpseTensor
import Testing

@Suite struct RowTests {
    static let widths = [1, 5, 8, 17, 32, 100, 384]

    @Test(arguments: InstructionSet.available, widths)
    func layerNormEqualsTheDefinition(set: InstructionSet, n: Int) throws {
        let kernels = try #require(set.table)
        let memory = KernelMemory()
        defer { memory.free() }
        var generator = SeededRandom(seed: 7)
        let x = Matrix(random: 7, n, using: &generator)
        let gain = Matrix(random: 1, n, using: &generator).values
        let shift = Matrix(random: 1, n, using: &generator).values
        let y = memory.floats([Float](repeating: .nan, count: 7 * n))
        var job = ck_layer_norm(
            x: memory.floats(x.spaced(n + 2)), ldx: n + 2, y: y, ldy: n, gain: memory.floats(gain),
            shift: memory.floats(shift), n: n, epsilon: 1e-5)
        kernels.layer_norm(&job, 0, 3)
        kernels.layer_norm(&job, 3, 7)
        var expected: [Float] = []
        for row in 0..<7 {
            let values = x.row(row).map(Double.init)
            let mean = values.reduce(0, +) / Double(n)
            let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(n)
            for i in 0..<n {
                expected.append(Float((values[i] - mean) / (variance + 1e-5).squareRoot()) * gain[i] + shift[i])
            }
        }
        expectClose(read(y, rows: 7, columns: n, distance: n), expected, tolerance: 3e-6)
    }

    @Test(arguments: InstructionSet.available, widths)
    func softmaxEqualsTheDefinitionAlsoInPlace(set: InstructionSet, n: Int) throws {
        let kernels = try #require(set.table)
        let memory = KernelMemory()
        defer { memory.free() }
        var generator = SeededRandom(seed: 8)
        let x = Matrix(random: 5, n, using: &generator)
        let inPlace = memory.floats(x.spaced(n + 1))
        let y = memory.floats([Float](repeating: .nan, count: 5 * n))
        kernels.softmax(inPlace, n + 1, y, n, n, 30, 0, 5)
        kernels.softmax(inPlace, n + 1, inPlace, n + 1, n, 30, 0, 5)
        var expected: [Float] = []
        for row in 0..<5 {
            let powers = x.row(row).map { exp(30 * Double($0)) }
            let total = powers.reduce(0, +)
            expected += powers.map { Float($0 / total) }
        }
        expectClose(read(y, rows: 5, columns: n, distance: n), expected, tolerance: 4e-6)
        expectClose(read(inPlace, rows: 5, columns: n, distance: n + 1), expected, tolerance: 4e-6, "in place")
    }

    /// Numbers so large that their exponentials overflow, and a masked one.
    @Test(arguments: InstructionSet.available)
    func softmaxOfExtremesIsFinite(set: InstructionSet) throws {
        let kernels = try #require(set.table)
        let memory = KernelMemory()
        defer { memory.free() }
        let x = memory.floats([1e6, 1e6, -1e6, -.infinity, 999_000, 0, 0, 0, 0])
        kernels.softmax(x, 9, x, 9, 9, 1, 0, 1)
        #expect(read(x, rows: 1, columns: 9, distance: 9) == [0.5, 0.5, 0, 0, 0, 0, 0, 0, 0])
    }

    @Test(arguments: InstructionSet.available, widths)
    func meanRowsIsTheMeanOfEachColumn(set: InstructionSet, n: Int) throws {
        let kernels = try #require(set.table)
        let memory = KernelMemory()
        defer { memory.free() }
        var generator = SeededRandom(seed: 9)
        let x = Matrix(random: 49, n, using: &generator)
        let y = memory.floats([Float](repeating: .nan, count: n))
        kernels.mean_rows(memory.floats(x.spaced(n + 3)), n + 3, 49, n, y)
        let expected = (0..<n).map { column in Float((0..<49).reduce(0.0) { $0 + Double(x[$1, column]) } / 49) }
        expectClose(read(y, rows: 1, columns: n, distance: n), expected, tolerance: 2e-6)
    }

    @Test(arguments: InstructionSet.available, widths)
    func addAlsoInPlace(set: InstructionSet, n: Int) throws {
        let kernels = try #require(set.table)
        let memory = KernelMemory()
        defer { memory.free() }
        let a = memory.floats((0..<n).map { Float($0) })
        let b = memory.floats((0..<n).map { Float($0 * 2) })
        kernels.add(a, b, a, n)
        kernels.add(a, b, b, n)
        #expect(read(a, rows: 1, columns: n, distance: n) == (0..<n).map { Float($0 * 3) })
        #expect(read(b, rows: 1, columns: n, distance: n) == (0..<n).map { Float($0 * 5) })
    }

    @Test(arguments: InstructionSet.available, [0, 1, 7, 8, 9, 100])
    func normalizeRGBScalesEachChannel(set: InstructionSet, pixels: Int) throws {
        let kernels = try #require(set.table)
        let memory = KernelMemory()
        defer { memory.free() }
        let bytes = (0..<pixels * 3).map { UInt8(truncatingIfNeeded: $0 * 37) }
        let out = memory.floats([Float](repeating: .nan, count: pixels * 3))
        let scale: [Float] = [0.5, 0.25, 2]
        let offset: [Float] = [-1, 0, 8]
        kernels.normalize_rgb(bytes, pixels, scale, offset, out)
        let expected: [Float] = bytes.indices.map { Float(bytes[$0]) * scale[$0 % 3] + offset[$0 % 3] }
        #expect(read(out, rows: 1, columns: pixels * 3, distance: 0) == expected)
    }

    @Test(arguments: InstructionSet.available, widths)
    func dotRowsIsTheInnerProductOfEachRow(set: InstructionSet, n: Int) throws {
        let kernels = try #require(set.table)
        let memory = KernelMemory()
        defer { memory.free() }
        var generator = SeededRandom(seed: 10)
        let matrix = Matrix(random: 11, n, using: &generator)
        let query = Matrix(random: 1, n, using: &generator)
        let out = memory.floats([Float](repeating: 99, count: 11))
        let rows = memory.floats(matrix.spaced(n + 1))
        kernels.dot_rows(rows, n + 1, n, memory.floats(query.values), out, 2, 6)
        kernels.dot_rows(rows, n + 1, n, memory.floats(query.values), out, 6, 11)
        let expected = (2..<11).map { row in
            Float((0..<n).reduce(0.0) { $0 + Double(matrix[row, $1]) * Double(query[0, $1]) })
        }
        expectClose(read(out + 2, rows: 1, columns: 9, distance: 9), expected, tolerance: 2e-6)
        #expect(out[0] == 99 && out[1] == 99, "wrote rows outside the range")
    }
}
