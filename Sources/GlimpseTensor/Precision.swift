internal import CKernels

/// How exactly the weights of linear maps are kept and multiplied.
///
/// The cosines are those of random CLIP weights to 32 bits; activations between layers always have 32 bits.
public enum Precision: String, Hashable, Sendable, CaseIterable {
    /// Exact: 32-bit floats, in 16 bits where a matrix loses nothing by that, as those of OpenAI's checkpoints.
    case float32 = "f32"
    /// Weights of half the size, widened as they are multiplied: cosines above 0.99999.
    case float16 = "f16"
    /// Weights and activations as 16-bit integers with a scale for each output and token: cosines above 0.9999.
    case int16
    /// Weights and activations as 8-bit integers: fastest, and for ranking rather than comparing; cosines above 0.99.
    case int8

    /// How the kernel of floats finds the weights.
    var weights: ck_weights { self == .float16 ? CK_WEIGHTS_HALF : CK_WEIGHTS_FLOAT }

    /// The kind of integer; nil for floats.
    var integer: ck_integer? {
        switch self {
        case .float32, .float16: nil
        case .int16: CK_INT16
        case .int8: CK_INT8
        }
    }

    /// How many 4-byte words a panel of 16 outputs takes.
    func panelWords(inputs: Int) -> Int {
        let width = Int(CK_PANEL)
        switch self {
        case .float32: return inputs * width
        case .float16: return inputs * width / 2
        case .int16: return ck_integer_packed_bytes(CK_INT16, width, inputs) / 4
        case .int8: return ck_integer_packed_bytes(CK_INT8, width, inputs) / 4
        }
    }
}
