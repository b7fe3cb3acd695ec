internal import Foundation
internal import GlimpseFormats
internal import GlimpseTensor

/// What is made of the weights of a tower while it is built: matrices packed for multiplying, tables widened to 32 bits.
///
/// Either all of it is there from an earlier start, mapped from a file, or it is gathered, to be kept in one.
///
/// Not `Sendable`: one builder.
final class PackedWeights {
    /// The file of an earlier start.
    private let file: SafetensorsFile?
    private let precision: Precision
    /// Of a block of 64 MB only as much is real as has been written.
    private let memory = WeightMemory(blockCount: 16 << 20)
    private var gathered: [(name: String, tensor: Tensor)] = []

    /// Takes what is in a file, or gathers where there is none.
    ///
    /// - Parameter precision: of matrices, but for those that are asked for exactly; what is exact takes 16 bits where those do.
    init(_ file: SafetensorsFile? = nil, precision: Precision = .float32) {
        self.file = file
        self.precision = precision
    }

    /// Whether everything comes from a file.
    var isMapped: Bool { file != nil }

    /// How many bytes were gathered.
    var byteCount: Int { gathered.reduce(0) { $0 + $1.tensor.count * MemoryLayout<Float>.size } }

    /// The matrix [outputs, inputs] of a name.
    ///
    /// - Parameters:
    ///   - exactly: keeps 32 bits whatever the precision of others.
    ///   - weights: reads the weights, [outputs, inputs], where nobody has packed them yet.
    func matrix(
        _ name: String, outputs: Int, inputs: Int, exactly: Bool, on compute: Compute, _ weights: () throws -> Tensor
    ) throws -> PackedMatrix {
        let wanted = exactly ? .float32 : precision
        if let file {
            let halves = Self.entry(name, .float16)
            let kept: Precision = wanted == .float32 && file.contains(halves) ? .float16 : wanted
            let count = PackedMatrix.packedCount(outputs: outputs, inputs: inputs, precision: kept)
            let panels = try Self.mapped(Self.entry(name, kept), [count], in: file)
            return PackedMatrix(panels: panels, outputs: outputs, inputs: inputs, precision: kept)
        }
        let matrix =
            wanted == .float32
            ? PackedMatrix(exactly: try weights(), in: memory, on: compute)
            : PackedMatrix(try weights(), precision: wanted, in: memory, on: compute)
        gathered.append((Self.entry(name, matrix.precision), matrix.panels))
        return matrix
    }

    /// What a packed matrix is called in the file.
    private static func entry(_ name: String, _ precision: Precision) -> String {
        "\(name) packed \(precision.rawValue)"
    }

    /// The tensor of a name.
    func tensor(_ name: String, _ shape: Shape, _ make: () throws -> Tensor) throws -> Tensor {
        if let file { return try Self.mapped(name, shape, in: file) }
        let made = try make()
        gathered.append((name, made))
        return made
    }

    private static func mapped(_ name: String, _ shape: Shape, in file: SafetensorsFile) throws -> Tensor {
        let stored = try file.tensor(name)
        guard stored.shape == shape.dimensions, let mapped = try stored.mappedFloats() else {
            throw FormatError(.malformed, "\(stored.shape), expected \(shape)", path: file.path, location: name)
        }
        return Tensor(shape: shape, borrowing: mapped.start, owner: mapped.file)
    }

    /// Writes what was gathered in one step.
    func write(to path: String, metadata: [String: String]) throws {
        // The first begins with a page, as the streams should in which the kernels fetch weights; as most sizes are whole pages, so do
        // most others.
        try SafetensorsWriter.write(
            gathered.map { name, tensor in
                .init(name: name, shape: tensor.shape.dimensions, values: { tensor.scalars })
            }, metadata: metadata, alignment: 4096, to: path)
    }
}
