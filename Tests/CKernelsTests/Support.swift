import CKernels
import GlimpseTensor
import Testing

/// An instruction set that has a table of kernels.
enum InstructionSet: String, CaseIterable, Sendable {
    case portable, avx2, avx512, avx512VNNI, neon, neonDotProduct

    /// The table, or nil where this processor cannot run it.
    var table: ck_kernels? {
        switch self {
        case .portable: ck_kernels_for(CK_ISA_PORTABLE)?.pointee
        case .avx2: ck_kernels_for(CK_ISA_AVX2)?.pointee
        case .avx512: ck_kernels_for(CK_ISA_AVX512)?.pointee
        case .avx512VNNI: ck_kernels_for(CK_ISA_AVX512_VNNI)?.pointee
        case .neon: ck_kernels_for(CK_ISA_NEON)?.pointee
        case .neonDotProduct: ck_kernels_for(CK_ISA_NEON_DOTPROD)?.pointee
        }
    }

    /// Those that run here; the portable one always does.
    static var available: [InstructionSet] { allCases.filter { $0.table != nil } }
}

/// A row-major matrix.
struct Matrix {
    var rows: Int
    var columns: Int
    var values: [Float]

    init(rows: Int, columns: Int, values: [Float]) {
        precondition(values.count == rows * columns, "\(values.count) values are not [\(rows), \(columns)]")
        self.rows = rows
        self.columns = columns
        self.values = values
    }

    /// Uniform in [−1, 1).
    init(random rows: Int, _ columns: Int, using generator: inout SeededRandom) {
        let values = (0..<rows * columns).map { _ in Float.random(in: -1..<1, using: &generator) }
        self.init(rows: rows, columns: columns, values: values)
    }

    subscript(row: Int, column: Int) -> Float { values[row * columns + column] }

    func row(_ index: Int) -> [Float] { Array(values[index * columns..<(index + 1) * columns]) }

    /// The numbers with rows `distance` apart; what lies between them is not a number, so that reading it shows.
    func spaced(_ distance: Int) -> [Float] {
        var spaced = [Float](repeating: .nan, count: (rows - 1) * distance + columns)
        for row in 0..<rows {
            spaced.replaceSubrange(row * distance..<row * distance + columns, with: self.row(row))
        }
        return spaced
    }
}

/// Memory that a test hands to kernels; each block holds just what was asked for. Call `free` when done.
final class KernelMemory {
    private var blocks: [UnsafeMutableRawPointer] = []

    func floats(_ values: [Float]) -> UnsafeMutablePointer<Float> {
        let floats = UnsafeMutablePointer<Float>.allocate(capacity: values.count)
        floats.initialize(from: values, count: values.count)
        blocks.append(UnsafeMutableRawPointer(floats))
        return floats
    }

    /// `count` floats, 64-byte aligned, not a number each.
    func scratch(_ count: Int) -> UnsafeMutablePointer<Float> {
        let capacity = max(count, 1)
        let block = UnsafeMutableRawPointer.allocate(
            byteCount: capacity * MemoryLayout<Float>.stride, alignment: 64)
        blocks.append(block)
        let floats = block.bindMemory(to: Float.self, capacity: capacity)
        floats.initialize(repeating: .nan, count: capacity)
        return floats
    }

    /// Rows of bytes, 64-byte aligned and `distance` apart, with zeros between them.
    func bytes(_ rows: [[Int8]], distance: Int) -> UnsafeMutablePointer<Int8> {
        let count = rows.count * distance
        let block = UnsafeMutableRawPointer.allocate(byteCount: count, alignment: 64)
        blocks.append(block)
        let bytes = block.bindMemory(to: Int8.self, capacity: count)
        bytes.initialize(repeating: 0, count: count)
        for (index, row) in rows.enumerated() {
            (bytes + index * distance).update(from: row, count: row.count)
        }
        return bytes
    }

    func free() {
        for block in blocks {
            block.deallocate()
        }
        blocks = []
    }
}

/// `rows` rows of `columns` numbers, `distance` apart.
func read(_ pointer: UnsafePointer<Float>, rows: Int, columns: Int, distance: Int) -> [Float] {
    (0..<rows).flatMap { row in (0..<columns).map { pointer[row * distance + $0] } }
}

/// Expects every element within `tolerance` of the expected one, relative to the largest expected magnitude (at least
/// 1e-3); reports the worst element.
func expectClose(
    _ actual: [Float], _ expected: [Float], tolerance: Float, _ what: @autoclosure () -> String = "",
    sourceLocation: SourceLocation = #_sourceLocation
) {
    guard actual.count == expected.count else {
        Issue.record("\(what()): \(actual.count) elements, expected \(expected.count)", sourceLocation: sourceLocation)
        return
    }
    let scale = expected.reduce(Float(1e-3)) { max($0, abs($1)) }
    var worst = 0
    var difference: Float = -1
    for index in actual.indices {
        let gap = abs(actual[index] - expected[index])
        // What is not a number stays the worst: no gap is greater.
        if gap.isNaN || gap > difference {
            worst = index
            difference = gap
        }
    }
    guard !actual.isEmpty, !(difference / scale <= tolerance) else { return }
    Issue.record(
        """
        \(what()): element \(worst) of \(actual.count) is \(actual[worst]), expected \(expected[worst]); \
        relative difference \(difference / scale), allowed \(tolerance)
        """, sourceLocation: sourceLocation)
}
