internal import GlimpseTensor

/// The sizes of a stack of transformer blocks.
struct TransformerConfiguration: Hashable, Sendable {
    /// D, the length of a token's vector.
    let width: Int
    let layerCount: Int
    /// H; D is a multiple of it.
    let headCount: Int
    /// The width between the two halves of the multi-layer perceptron.
    let hiddenWidth: Int
    let activation: Activation
    /// What keeps the layer normalisations from dividing by zero.
    let epsilon: Float

    /// The width of a perceptron that is `ratio` times as wide as a token; none, 0, where that is no sensible number.
    static func hiddenWidth(_ width: Int, ratio: Double) -> Int {
        let hidden = Double(width) * ratio
        return (1...1_000_000).contains(hidden) ? Int(hidden) : 0
    }

    /// Makes sure that the sizes make a model, before memory is asked for.
    ///
    /// - Parameter part: what the sizes are of, for the error: "vision_config".
    func validate(_ part: String, at location: String) throws {
        let sizes = [width, layerCount, headCount, hiddenWidth]
        guard sizes.allSatisfy({ (1...1_000_000).contains($0) }), layerCount <= 1000 else {
            throw ModelError(
                .invalidConfiguration, "\(part): width, layers, heads and hidden width are \(sizes)", at: location)
        }
        guard width % headCount == 0 else {
            throw ModelError(
                .invalidConfiguration, "\(part): width \(width) is not divisible by \(headCount) heads", at: location)
        }
        guard epsilon > 0, epsilon < 1 else {
            throw ModelError(.invalidConfiguration, "\(part): an epsilon of \(epsilon)", at: location)
        }
    }
}

extension Activation {
    /// The activation that configurations call `name`.
    ///
    /// - Throws: `ModelError` for one that no model of the CLIP families uses.
    init(configurationName name: String, _ part: String, at location: String) throws {
        switch name {
        case "gelu": self = .gelu
        case "quick_gelu": self = .quickGELU
        case "gelu_pytorch_tanh", "gelu_new", "gelu_fast": self = .geluTanh
        default:
            throw ModelError(
                .invalidConfiguration,
                "\(part): activation \"\(name)\", expected gelu, quick_gelu or gelu_pytorch_tanh", at: location)
        }
    }
}
