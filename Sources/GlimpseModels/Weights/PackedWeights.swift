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
    private var gathered: [(name: String, tensor: Tensor)] = []

    /// Takes what is in a file, or gathers where there is none.
    ///
    /// - Parameter precision: of matrices, but for those that are asked for exactly.
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
        let precision = exactly ? .float32 : precision
        let count = PackedMatrix.packedCount(outputs: outputs, inputs: inputs, precision: precision)
        let panels = try tensor("\(name) packed", [count]) {
            PackedMatrix(try weights(), precision: precision, on: compute).panels
        }
        return PackedMatrix(panels: panels, outputs: outputs, inputs: inputs, precision: precision)
    }

    /// The tensor of a name.
    func tensor(_ name: String, _ shape: Shape, _ make: () throws -> Tensor) throws -> Tensor {
        if let file {
            let stored = try file.tensor(name)
            guard stored.shape == shape.dimensions, let mapped = try stored.mappedFloats() else {
                throw FormatError(.malformed, "\(stored.shape), expected \(shape)", path: file.path, location: name)
            }
            return Tensor(shape: shape, borrowing: mapped.start, owner: mapped.file)
        }
        let made = try make()
        gathered.append((name, made))
        return made
    }

    /// Writes what was gathered in one step.
    func write(to path: String, metadata: [String: String]) throws {
        try SafetensorsWriter.write(
            gathered.map { name, tensor in
                .init(name: name, shape: tensor.shape.dimensions, values: { tensor.scalars })
            }, metadata: metadata, alignment: 64, to: path)
    }
}
