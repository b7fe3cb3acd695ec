internal import CKernels

/// The weights of a linear map or convolution, laid out once as the multiply kernel reads them.
///
/// Panels of 16 output columns, one after the other: the kernel streams through memory once, in order.
public struct PackedMatrix: Sendable {
    /// N, how many numbers come out.
    public let outputs: Int
    /// K, how many numbers go in.
    public let inputs: Int
    /// How the weights are kept.
    public let precision: Precision
    /// The weights as the kernel reads them: numbers only for 32 bits, else 4-byte words.
    package let panels: Tensor

    /// Packs weights given as [N, K], a row an output.
    ///
    /// - Precondition: K ≤ 131,072 for integers.
    /// - Complexity: O(N · K).
    public init(_ weights: Tensor, precision: Precision = .float32, on compute: Compute) {
        self.init(weights, precision: precision, in: WeightMemory(blockCount: 0), on: compute)
    }

    /// The same in memory that is shared with other weights, which stays as long as any of them is in use.
    package init(_ weights: Tensor, precision: Precision, in memory: WeightMemory, on compute: Compute) {
        precondition(weights.shape.rank == 2, "PackedMatrix: weights of shape \(weights.shape), expected [N, K]")
        let outputs = weights.shape[0]
        let inputs = weights.shape[1]
        precondition(
            precision.integer == nil || inputs <= Int(CK_INTEGER_DEEPEST), "PackedMatrix: \(inputs) inputs for integers"
        )
        self.outputs = outputs
        self.inputs = inputs
        self.precision = precision
        let panelCount = Self.panelCount(outputs: outputs)
        let count = Self.packedCount(outputs: outputs, inputs: inputs, precision: precision)
        let pack = Self.packer(weights, precision, compute.kernels)
        panels = memory.tensor(shape: [count]) { packed in
            compute.overRows(panelCount, atLeast: 1) { range, _ in pack(packed, range) }
        }
    }

    /// Packs weights [N, K] without loss: as halves where each of them is one, else as floats.
    ///
    /// - Complexity: O(N · K).
    package init(exactly weights: Tensor, in memory: WeightMemory, on compute: Compute) {
        let areHalves = ck_are_halves(weights.pointer, weights.count)
        self.init(weights, precision: areHalves ? .float16 : .float32, in: memory, on: compute)
    }

    /// What packs a range of the panels.
    private static func packer(
        _ weights: Tensor, _ precision: Precision, _ kernels: ck_kernels
    ) -> (UnsafeMutablePointer<Float>, Range<Int>) -> Void {
        let (outputs, inputs) = (weights.shape[0], weights.shape[1])
        switch precision {
        case .float32:
            return { packed, range in
                kernels.pack(weights.pointer, inputs, outputs, inputs, packed, range.lowerBound, range.upperBound)
            }
        case .float16:
            return { packed, range in
                kernels.pack_half(
                    weights.pointer, inputs, outputs, inputs,
                    UnsafeMutableRawPointer(packed).assumingMemoryBound(to: UInt16.self),
                    range.lowerBound, range.upperBound)
            }
        case .int16, .int8:
            return { packed, range in
                ck_pack_integer(
                    precision == .int8 ? CK_INT8 : CK_INT16, weights.pointer, inputs, outputs, inputs, packed,
                    range.lowerBound, range.upperBound)
            }
        }
    }

    /// Takes weights that were packed before.
    package init(panels: Tensor, outputs: Int, inputs: Int, precision: Precision) {
        precondition(
            panels.count == Self.packedCount(outputs: outputs, inputs: inputs, precision: precision),
            "PackedMatrix: \(panels.count) words for [\(outputs), \(inputs)] in \(precision.rawValue)")
        self.panels = panels
        self.precision = precision
        self.outputs = outputs
        self.inputs = inputs
    }

    /// How many 4-byte words packed weights [N, K] take.
    package static func packedCount(outputs: Int, inputs: Int, precision: Precision) -> Int {
        panelCount(outputs: outputs) * precision.panelWords(inputs: inputs)
    }

    /// The part that gives a range of the outputs; the memory is shared.
    ///
    /// - Returns: nil where the range does not begin with a panel.
    public func outputs(_ range: Range<Int>) -> PackedMatrix? {
        let width = Int(CK_PANEL)
        guard range.lowerBound.isMultiple(of: width), range.upperBound <= outputs else { return nil }
        // A panel that the range ends in is multiplied whole, and no more of it is stored than is asked for.
        let first = range.lowerBound / width * precision.panelWords(inputs: inputs)
        let count = Self.packedCount(outputs: range.count, inputs: inputs, precision: precision)
        return PackedMatrix(
            panels: panels.slice(first..<(first + count)), outputs: range.count, inputs: inputs, precision: precision)
    }

    /// Where a panel begins.
    func panel(_ index: Int) -> UnsafePointer<Float> { panels.pointer + index * precision.panelWords(inputs: inputs) }

    var panelCount: Int { Self.panelCount(outputs: outputs) }

    private static func panelCount(outputs: Int) -> Int { (outputs + Int(CK_PANEL) - 1) / Int(CK_PANEL) }
}
