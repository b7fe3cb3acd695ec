internal import CKernels

/// The weights of a linear map or convolution, laid out once as the multiply kernel reads them.
///
/// Panels of 16 output columns, [⌈N/16⌉, K, 16]: the kernel streams through memory once, in order.
public struct PackedMatrix: Sendable {
    /// N, how many numbers come out.
    public let outputs: Int
    /// K, how many numbers go in.
    public let inputs: Int
    /// The weights as the kernel reads them, [⌈N/16⌉ · K · 16].
    package let panels: Tensor

    /// Packs weights given as [N, K], a row an output.
    ///
    /// - Complexity: O(N · K).
    public init(_ weights: Tensor, on compute: Compute) {
        precondition(weights.shape.rank == 2, "PackedMatrix: weights of shape \(weights.shape), expected [N, K]")
        let outputs = weights.shape[0]
        let inputs = weights.shape[1]
        self.outputs = outputs
        self.inputs = inputs
        let panelCount = (outputs + Int(CK_PANEL) - 1) / Int(CK_PANEL)
        // Weights outlive a forward pass: their memory is not kept for others when the model goes.
        panels = Tensor(shape: [ck_packed_size(outputs, inputs)], pool: BufferPool(limit: 0)) { packed in
            compute.overRows(panelCount, atLeast: 1) { range, _ in
                compute.kernels.pack(
                    weights.pointer, inputs, outputs, inputs, packed, range.lowerBound, range.upperBound)
            }
        }
    }

    /// Takes weights that were packed before.
    package init(panels: Tensor, outputs: Int, inputs: Int) {
        precondition(
            panels.count == Self.packedCount(outputs: outputs, inputs: inputs),
            "PackedMatrix: \(panels.count) numbers for [\(outputs), \(inputs)]")
        self.panels = panels
        self.outputs = outputs
        self.inputs = inputs
    }

    /// How many numbers packed weights [N, K] are.
    package static func packedCount(outputs: Int, inputs: Int) -> Int { ck_packed_size(outputs, inputs) }

    /// The part that gives a range of the outputs; the memory is shared.
    ///
    /// - Returns: nil where the range does not begin with a panel.
    public func outputs(_ range: Range<Int>) -> PackedMatrix? {
        let width = Int(CK_PANEL)
        guard range.lowerBound.isMultiple(of: width), range.upperBound <= outputs else { return nil }
        // A panel that the range ends in is multiplied whole, and no more of it is stored than is asked for.
        let first = range.lowerBound / width * width * inputs
        let count = Self.packedCount(outputs: range.count, inputs: inputs)
        return PackedMatrix(panels: panels.slice(first..<(first + count)), outputs: range.count, inputs: inputs)
    }

    var panelCount: Int { (outputs + Int(CK_PANEL) - 1) / Int(CK_PANEL) }
}
