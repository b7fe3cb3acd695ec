internal import CKernels

/// What happens to each number before it is stored.
public enum Activation: String, Sendable, Hashable, CaseIterable {
    /// Nothing.
    case none
    /// max(0, x).
    case relu
    /// min(max(0, x), 6).
    case relu6
    /// x · Φ(x), with the error function.
    case gelu
    /// x · sigmoid(1.702 x), as in OpenAI's CLIP.
    case quickGELU
    /// The tanh approximation of GELU.
    case geluTanh
    /// x · sigmoid(x).
    case silu

    var kernel: ck_activation {
        switch self {
        case .none: CK_ACTIVATION_NONE
        case .relu: CK_ACTIVATION_RELU
        case .relu6: CK_ACTIVATION_RELU6
        case .gelu: CK_ACTIVATION_GELU
        case .quickGELU: CK_ACTIVATION_QUICK_GELU
        case .geluTanh: CK_ACTIVATION_GELU_TANH
        case .silu: CK_ACTIVATION_SILU
        }
    }
}
