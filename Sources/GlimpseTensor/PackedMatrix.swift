internal import CKernels

/// The weights of a linear map or convolution, laid out once as the multiply kernel reads them.
///
/// Panels of 16 output columns, [⌈N/16⌉, K, 16]: the kernel streams through memory once, in order.
public struct PackedMatrix: Sendable {
    /// N, how many numbers come out.
    public let outputs: Int
    /// K, how many numbers go in.
    public let inputs: Int
    let panels: Tensor

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

    var panelCount: Int { (outputs + Int(CK_PANEL) - 1) / Int(CK_PANEL) }
}
