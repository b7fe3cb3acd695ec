import CKernels
import GlimpseTensor
import Testing

@Suite struct ScanTests {
    @Test(arguments: InstructionSet.available, [1, 63, 64, 65, 500, 512])
    func dotRowsOfBytesIsTheInnerProductOfEachRow(set: InstructionSet, n: Int) throws {
        let kernels = try #require(set.table)
        let memory = KernelMemory()
        defer { memory.free() }
        var generator = SeededRandom(seed: 11)
        var rows: [[Int8]] = []
        for _ in 0..<12 {
            rows.append((0..<n).map { _ in Int8.random(in: -127...127, using: &generator) })
        }
        let query = rows.removeLast()
        let distance = (n + 63) / 64 * 64 + 64
        let matrix = memory.bytes(rows, distance: distance)
        let padded = memory.bytes([query], distance: distance)
        var out = [Int32](repeating: 99, count: 11)
        kernels.dot_rows_int8(matrix, distance, n, padded, &out, 2, 6)
        kernels.dot_rows_int8(matrix, distance, n, padded, &out, 6, 10)
        let expected = rows[2..<10].map { row in
            (0..<n).reduce(Int32(0)) { $0 + Int32(row[$1]) * Int32(query[$1]) }
        }
        #expect(Array(out[2..<10]) == expected)
        #expect(out[0] == 99 && out[1] == 99 && out[10] == 99, "wrote rows outside the range")
    }

    /// Numbers as large as they may be, over rows as long as they may be.
    @Test(arguments: InstructionSet.available)
    func dotRowsOfTheLargestBytesIsExact(set: InstructionSet) throws {
        let kernels = try #require(set.table)
        let memory = KernelMemory()
        defer { memory.free() }
        let n = 1 << 16
        let largest = [Int8](repeating: 127, count: n)
        let smallest = [Int8](repeating: -127, count: n)
        let alternating = (0..<n).map { Int8($0 % 2 == 0 ? 127 : -127) }
        let matrix = memory.bytes([largest, smallest, alternating], distance: n)
        var out = [Int32](repeating: 99, count: 3)
        kernels.dot_rows_int8(matrix, n, n, smallest, &out, 0, 3)
        #expect(out == [-1_057_030_144, 1_057_030_144, 0])
    }
}
